import type { RandomPrompts } from '../workloads/random.js';
import type { LoadSpec } from '../spec.js';
import { calibrate } from './calibrate.js';
import { PromptStoreBuilder } from './prompt-store.js';
import type { Ask, Prompt, Prompts, StoredSet } from './prompt.js';
import { measuredSample, otherSample, type RandomItem } from './random.js';
import { TextComposer } from './text.js';

/** Seeds of measured texts, of the trial text and of warm-ups are this far apart, so that no text is made twice. */
const SEEDS_APART = 2 ** 30;

/** Prompts of words that have the wanted number of tokens by the server's count. */
export async function textPrompts(
  prompts: RandomPrompts,
  spec: LoadSpec,
  ask: Ask,
  notes: readonly string[],
): Promise<Prompts> {
  const { inputLen, seed } = prompts;
  const seedOf = (place: number) => (Math.imul(seed, 0x85ebca6b) + place) >>> 0;
  const count = async (text: string) => (await ask(probeOf(text))).serverPromptTokens;
  const { costs, notes: found } = await calibrate(count, inputLen, seedOf(SEEDS_APART));
  const composer = new TextComposer(costs, inputLen);
  const stored = (items: readonly RandomItem[], first: number): StoredSet => {
    const store = new PromptStoreBuilder();
    items.forEach((item, index) =>
      store.add(JSON.stringify(composer.compose(item.inputLen, seedOf(first + index))), {
        requestedPromptTokens: item.inputLen,
        requestedOutputTokens: item.outputLen,
      }),
    );
    return { kind: 'stored', store: store.build() };
  };
  // A vocabulary of one id: of the sample only the lengths are wanted.
  return {
    facts: { form: 'text', notes: [...notes, ...found] },
    measured: stored(measuredSample(prompts, spec.numPrompts, 1), 0),
    warmups: stored(otherSample(prompts, spec.numWarmups, 1), 2 * SEEDS_APART),
  };
}

function probeOf(text: string): Prompt {
  return { json: JSON.stringify(text), lengths: { requestedPromptTokens: 0, requestedOutputTokens: 1 } };
}
