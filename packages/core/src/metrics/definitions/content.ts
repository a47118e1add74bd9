import type { RequestRecord, RunRecord } from '../../load/records/record.js';
import type { Tools } from './definition.js';

/** Times are recorded to the microsecond. */
const SAME_MS = 0.0005;

export const NO_LAST_CONTENT = 'the records do not say when the last chunk with text arrived';
export const NO_USAGE = 'a response came without usage, and its text was not kept or no tokenizer was given';
export const NO_USAGE_CHUNK =
  'a response came without usage in a chunk of its own, and its text was not kept or no tokenizer was given';
export const NO_INPUT_COUNT = 'the prompt tokens of a request are unknown';
export const CONTENT_ASSUMED =
  "Every chunk between the first and the last one with text counts as one with text; the records don't say which of them have text.";

/** Request sent to its last chunk with text, ms: its end for peers that ignore empty chunks. */
export function lastContentMs({ sentMs, lastContentMs: last }: RequestRecord): number | undefined {
  return sentMs === undefined || last === undefined ? undefined : last - sentMs;
}

/** Arrivals of the chunks from the first with text to the last. */
export function contentChunks({
  chunkMs,
  firstContentMs,
  lastContentMs: last,
}: RequestRecord): Float64Array | undefined {
  if (firstContentMs === undefined || last === undefined) return undefined;
  let from = 0;
  let to = chunkMs.length;
  while (from < to && (chunkMs[from] ?? 0) < firstContentMs - SAME_MS) from++;
  while (to > from && (chunkMs[to - 1] ?? 0) > last + SAME_MS) to--;
  return (chunkMs instanceof Float64Array ? chunkMs : new Float64Array(chunkMs)).subarray(from, to);
}

/** Tokens of the kept text, if it was kept and there is a tokenizer. */
export function countedTokens({ text }: RequestRecord, { countTokens }: Tools): number | undefined {
  return text === undefined ? undefined : countTokens?.(text);
}

/**
 * Whether the usage came in a separate chunk, without choices; InferenceX's and vLLM's clients ignore any other. APIs that they
 * don't support send usage only together with text: there it counts.
 */
export function usageApart({ usageMs }: RequestRecord, { spec }: RunRecord): boolean {
  return usageMs !== undefined || !(spec.endpoint.api === 'completions' || spec.endpoint.api === 'chat');
}

/** The objectives of goodput; undefined if there are none. */
export function objectivesOf({ spec: { slos } }: RunRecord): RunRecord['spec']['slos'] {
  return slos !== undefined && Object.keys(slos).length > 0 ? slos : undefined;
}

/** Memoizes a quantity per request. */
export function once<T>(of: (request: RequestRecord) => T): (request: RequestRecord) => T {
  const known = new Map<RequestRecord, T>();
  return (request) => {
    const value = known.has(request) ? (known.get(request) as T) : of(request);
    known.set(request, value);
    return value;
  };
}

/** Seconds from first dispatch to last completion; undefined when nothing was sent. */
export function windowS({ window }: RunRecord): number | undefined {
  return window.endMs > window.startMs ? (window.endMs - window.startMs) / 1000 : undefined;
}

/** Their sum, if there are any and all are known. */
export function totalOf(values: readonly (number | undefined)[]): number | undefined {
  const known = knownOf(values);
  if (known.length === 0 || known.length < values.length) return undefined;
  return known.reduce((sum, value) => sum + value, 0);
}

export function knownOf(values: readonly (number | undefined)[]): number[] {
  return values.filter((value) => value !== undefined);
}

/** All of them, if each is known: a quantity with random samples missing would mislead. */
export function allOf(values: readonly (number | undefined)[]): number[] | undefined {
  const known = knownOf(values);
  return known.length < values.length ? undefined : known;
}

export function over(amount: number | undefined, seconds: number | undefined): number | undefined {
  return amount === undefined || seconds === undefined ? undefined : amount / seconds;
}
