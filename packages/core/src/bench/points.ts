import { WORKLOADS } from '../load/workloads/index.js';
import type { BenchArguments, BenchOptions } from './options.js';

/**
 * The points that arguments come to: each concurrency with each rate. They load one server after another, which may remember prompts:
 * each has a seed of its own, so that none is sent what another one was.
 */
export function pointsOf(args: BenchArguments, model: string): readonly BenchOptions[] {
  const { maxConcurrency = [undefined], requestRate, ...others } = withLengths(args);
  const pairs = maxConcurrency.flatMap((limit) => requestRate.map((rate) => ({ limit, rate })));
  return pairs.map(({ limit, rate }, index) => ({
    ...others,
    model,
    ...seedsOf(others, index),
    ...(limit !== undefined && { maxConcurrency: limit }),
    requestRate: rate,
  }));
}

/** The seeds of one of several loads, from 0: what it sends is not what another one has sent. */
export function seedsOf(
  { seed, bustCache }: Pick<BenchOptions, 'seed' | 'bustCache'>,
  number: number,
): Pick<BenchOptions, 'seed' | 'bustCache'> {
  return {
    seed: after(seed, number),
    ...(typeof bustCache === 'number' && { bustCache: after(bustCache, number) }),
  };
}

/** Numbers of 32 bits: after the highest one comes 0. */
function after(number: number, count: number): number {
  return (number + count) % 2 ** 32;
}

/** Lengths under the names of their data set. */
function withLengths({ inputLen, outputLen, ...args }: BenchArguments): Omit<BenchArguments, 'inputLen'> {
  const { flags } = WORKLOADS.find(({ name }) => name === args.datasetName)?.bench ?? { flags: {} };
  const own = Object.keys(flags).filter((key) => key.endsWith('OutputLen'));
  return {
    ...args,
    ...(inputLen !== undefined && { randomInputLen: inputLen }),
    ...(outputLen !== undefined && {
      randomOutputLen: outputLen,
      ...Object.fromEntries(own.map((key) => [key, outputLen])),
    }),
  };
}
