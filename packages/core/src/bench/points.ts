import { WORKLOADS } from '../load/workloads/index.js';
import type { BenchArguments, BenchOptions } from './options.js';

/**
 * The points for the arguments: each concurrency with each rate. They load the same server, which may cache prompts: each has its own seed,
 * so that no point sends another one's prompts.
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

/** The seeds of one of several loads, from 0: its prompts differ from those of the others. */
export function seedsOf(
  { seed, bustCache }: Pick<BenchOptions, 'seed' | 'bustCache'>,
  number: number,
): Pick<BenchOptions, 'seed' | 'bustCache'> {
  return {
    seed: after(seed, number),
    ...(typeof bustCache === 'number' && { bustCache: after(bustCache, number) }),
  };
}

/** 32-bit numbers: 0 follows the highest one. */
function after(number: number, count: number): number {
  return (number + count) % 2 ** 32;
}

/** Lengths under the option names of their data set. */
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
