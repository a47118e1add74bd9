import type { RandomPrompts } from '../workloads/random-schema.js';
import { Mt19937 } from './mt19937.js';

/** Token ids that prompts are made of: [first, end). */
export interface Vocabulary {
  readonly first: number;
  readonly end: number;
}

export function sizeOf({ first, end }: Vocabulary): number {
  return end - first;
}

export interface RandomShape {
  readonly seed: number;
  readonly count: number;
  /** Shared tokens of all prompts, before those of `inputLen`. */
  readonly prefixLen?: number;
  /** Longest prompt and output, tokens. */
  readonly inputLen: number;
  readonly outputLen: number;
  /** Shortest length as a fraction of the longest. */
  readonly rangeRatio: number;
  /** Number of ids to choose from. */
  readonly vocabularySize: number;
}

/**
 * One prompt: its length, the length of its output, and the index of its first id in the vocabulary; the ids after it are
 * consecutive.
 */
export interface RandomItem {
  readonly inputLen: number;
  readonly outputLen: number;
  readonly start: number;
}

/**
 * Draws the same numbers as InferenceX (`sample_random_requests` of utils/bench_serving/benchmark_serving.py), in the same order:
 * the shared prefix, input lengths, output lengths, offsets; prompt i starts at its offset plus i. A length of 0, which small
 * ratios allow there, becomes 1. `random` is left in the state after these draws, from which InferenceX continues.
 */
export function sampleRandom(shape: RandomShape, random = new Mt19937(shape.seed)): RandomItem[] {
  const { count, vocabularySize } = shape;
  random.integers(0, vocabularySize, shape.prefixLen ?? 0);
  const lengths = (longest: number) =>
    random.integers(Math.trunc(longest * shape.rangeRatio), longest + 1, count);
  const inputLens = lengths(shape.inputLen);
  const outputLens = lengths(shape.outputLen);
  return random.integers(0, vocabularySize, count).map((offset, i) => ({
    inputLen: Math.max(1, inputLens[i] ?? 1),
    outputLen: Math.max(1, outputLens[i] ?? 1),
    start: (offset + i) % vocabularySize,
  }));
}

/** The measured prompts of a spec. */
export function measuredSample(prompts: RandomPrompts, count: number, vocabularySize: number): RandomItem[] {
  return sampleRandom({ ...prompts, count, vocabularySize });
}

/** The ids that all measured prompts of a spec share: the first ones drawn. */
export function samplePrefix({ seed, prefixLen = 0 }: RandomPrompts, vocabulary: Vocabulary): number[] {
  return new Mt19937(seed).integers(0, sizeOf(vocabulary), prefixLen).map((id) => vocabulary.first + id);
}

/** Like the measured prompts, but from another seed, far from seeds that people choose. */
export function otherSample(prompts: RandomPrompts, count: number, vocabularySize: number): RandomItem[] {
  return sampleRandom({ ...prompts, seed: otherSeed(prompts), count, vocabularySize });
}

export function otherSeed({ seed }: Pick<RandomPrompts, 'seed'>): number {
  return (seed ^ 0x9e3779b9) >>> 0;
}
