import type { LlamaContextSequence, Token } from 'node-llama-cpp';
import type { Sampling, Slot } from './slot.js';

/** In llama.cpp this value means that no token is cut off for its rank. */
const ALL_TOKENS = 0;

/** A slot for one sequence of a llama.cpp context. */
export function createLlamaSlot(sequence: LlamaContextSequence): Slot {
  return {
    async evaluate(tokens, sampling) {
      const ids = tokens as readonly Token[];
      if (!sampling) {
        await sequence.controlledEvaluate([...ids]);
        return undefined;
      }
      const last = ids[ids.length - 1] as Token;
      const generateNext = { token: true, options: samplerOptions(sampling) };
      const results = await sequence.controlledEvaluate([...ids.slice(0, -1), [last, { generateNext }]]);
      const token = results[ids.length - 1]?.next.token;
      if (token === undefined || token === null) throw new Error('the engine sampled no token');
      return token;
    },
    clear: () => sequence.clearHistory(),
  };
}

function samplerOptions({ temperature, topP, seed }: Sampling) {
  return { temperature, topP, seed, topK: ALL_TOKENS };
}
