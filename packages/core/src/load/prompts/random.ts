import { Mt19937 } from './mt19937.js';

/** Token ids that prompts are made of: [first, end). */
export interface Vocabulary {
  readonly first: number;
  readonly end: number;
}

export interface RandomShape {
  readonly seed: number;
  readonly count: number;
  /** Longest prompt and output, tokens. */
  readonly inputLen: number;
  readonly outputLen: number;
  /** Shortest as a part of the longest. */
  readonly rangeRatio: number;
}

/** Lengths, tokens, and where in the vocabulary each prompt starts (before `index` is added). */
export interface RandomSample {
  readonly inputLens: readonly number[];
  readonly outputLens: readonly number[];
  readonly offsets: readonly number[];
}

/**
 * Draws what InferenceX draws (`sample_random_requests` of utils/bench_serving/benchmark_serving.py), in its order: input lengths,
 * output lengths, offsets. A length of 0, which a small ratio would allow there, becomes 1.
 */
export function sampleRandom(shape: RandomShape, vocabularySize: number): RandomSample {
  const random = new Mt19937(shape.seed);
  const lengths = (longest: number) =>
    random
      .integers(Math.trunc(longest * shape.rangeRatio), longest + 1, shape.count)
      .map((length) => Math.max(1, length));
  const inputLens = lengths(shape.inputLen);
  const outputLens = lengths(shape.outputLen);
  return { inputLens, outputLens, offsets: random.integers(0, vocabularySize, shape.count) };
}

/** Where prompt `index` starts: its ids are this and the following ones, modulo the vocabulary's size. */
export function startOf(sample: RandomSample, index: number, vocabularySize: number): number {
  return ((sample.offsets[index] ?? 0) + index) % vocabularySize;
}
