import type { Tokenizer } from '../../tokenizer/tokenizer.js';

/** Rounds after which a text is used as it is, as in InferenceX. */
const MOST_ROUNDS = 10;

/** A text and its number of tokens. */
export interface FittedText {
  readonly text: string;
  readonly tokens: number;
}

/**
 * Turns token ids into a text that encodes to `target` tokens: decoding and encoding again can give other ids, and another number
 * of them. Source: the loop in `sample_random_requests` of InferenceX's utils/bench_serving/benchmark_serving.py. Missing tokens
 * are filled with random ids from `draw`; without it, the result is undefined.
 */
export function fitText(
  ids: readonly number[],
  target: number,
  tokenizer: Tokenizer,
  draw?: (count: number) => number[],
): FittedText | undefined {
  let text = tokenizer.decode(ids);
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const read = tokenizer.encode(text);
    const missing = target - read.length;
    if (missing === 0) return { text, tokens: target };
    if (missing > 0 && draw === undefined) return undefined;
    text = tokenizer.decode(missing > 0 ? [...read, ...(draw?.(missing) ?? [])] : read.slice(0, target));
  }
  return { text, tokens: tokenizer.encode(text).length };
}
