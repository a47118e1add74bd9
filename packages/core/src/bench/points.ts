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
    seed: after(others.seed, index),
    ...(typeof others.bustCache === 'number' && { bustCache: after(others.bustCache, index) }),
    ...(limit !== undefined && { maxConcurrency: limit }),
    requestRate: rate,
  }));
}

/** Numbers of 32 bits: after the highest one comes 0. */
export function after(number: number, count: number): number {
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
