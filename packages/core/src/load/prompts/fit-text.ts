import type { Tokenizer } from '../../tokenizer/tokenizer.js';

/** Rounds after which a text is taken as it is, as InferenceX does. */
const MOST_ROUNDS = 10;

/** A text and what it has of tokens. */
export interface FittedText {
  readonly text: string;
  readonly tokens: number;
}

/**
 * The text of token ids, changed until it is read back as `target` tokens: decoded and encoded again they are others, in another
 * number. Source: the loop in `sample_random_requests` of InferenceX's utils/bench_serving/benchmark_serving.py.
 * Where tokens are missing, `draw` gives random ids; without it, such a text is given up: undefined.
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
