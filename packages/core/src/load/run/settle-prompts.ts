import { setTimeout as delay } from 'node:timers/promises';
import { SweeplineError } from '../../errors.js';
import { askPatiently, isRefusal } from './ask.js';
import type { PromptCache } from '../prompts/cache.js';
import type { Access } from '../client/access.js';
import { createClient, type ClientOptions } from '../client/client.js';
import { loadCodec } from '../client/codecs/load-codec.js';
import type { Outcome } from '../records/request-record.js';
import { probeError } from './probe.js';
import type { Prompt, Prompts } from '../prompts/prompt.js';
import { CLOSED_WITHIN_MS } from './shard.js';
import type { Keeping } from '../client/slots.js';
import type { LoadSpec } from '../spec/spec.js';
import type { Tokenizer } from '../../tokenizer/tokenizer.js';
import { makePrompts } from '../workloads/index.js';

export interface SettleOptions extends Access, Pick<ClientOptions, 'clock' | 'live' | 'signal' | 'mask'> {
  readonly tokenizer?: Tokenizer;
  readonly promptCache?: PromptCache;
  /** Pauses before a busy endpoint is asked again, ms. */
  readonly retryPausesMs?: readonly number[];
}

/** Finds out how the endpoint accepts prompts, makes them, and checks whether it keeps its connection. */
export async function settlePrompts(
  spec: LoadSpec,
  options: SettleOptions,
): Promise<{ readonly prompts: Prompts; readonly keeping: Keeping }> {
  const { clock, live, signal, apiKey, headers, mask, tokenizer, promptCache, retryPausesMs } = options;
  const codec = await loadCodec(spec.endpoint);
  const client = createClient(spec, { clock, codec, live, signal, apiKey, headers, mask });
  const retried: Outcome[] = [];
  const send = async (prompt: Prompt): Promise<Outcome> => {
    const outcome = await client.send(0, prompt);
    live.ended(outcome);
    return outcome;
  };
  const ask = async (prompt: Prompt, mayBeRefused = false): Promise<Outcome> => {
    const onRetry = (refused: Outcome): void => void retried.push(refused);
    const outcome = await askPatiently(() => send(prompt), signal, onRetry, retryPausesMs);
    return checked(spec, outcome, mayBeRefused, { apiKey, headers });
  };
  try {
    const prompts = await makePrompts(spec.prompts, { spec, ask, signal, codec, tokenizer, promptCache });
    // Without warm-ups, only this shows whether it does.
    if (spec.numWarmups === 0 && client.keeping.answered > 0) await delay(CLOSED_WITHIN_MS);
    return { prompts: withRetries(prompts, retried), keeping: client.keeping };
  } finally {
    client.close();
  }
}

async function checked(
  spec: LoadSpec,
  outcome: Outcome,
  mayBeRefused: boolean,
  access: Access,
): Promise<Outcome> {
  // Impossible counts are reported for the measured requests; here they count as missing.
  if (outcome.error?.code === 'impossible-usage') return { ...outcome, state: 'completed' };
  if (outcome.state === 'completed' || (mayBeRefused && isRefusal(outcome))) return outcome;
  if (outcome.state === 'cancelled') throw new SweeplineError('INTERRUPTED', 'the run was stopped');
  throw await probeError(spec, outcome, access);
}

/** Retries are reported: a server that was busy then may not have been idle when the load began. */
function withRetries(prompts: Prompts, retried: readonly Outcome[]): Prompts {
  const [first] = retried;
  if (first === undefined) return prompts;
  const note = `the endpoint had to be asked ${retried.length} times more before it answered: ${first.error?.code}: ${first.error?.message}`;
  return { ...prompts, facts: { ...prompts.facts, notes: [...prompts.facts.notes, note] } };
}
