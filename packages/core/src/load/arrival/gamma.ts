import { z } from 'zod';
import { Mt19937 } from '../prompts/mt19937.js';
import { positive, type Flags } from '../spec/flags.js';
import type { Scheduled } from './arrival.js';
import { limitOf, neededRate } from './bench-rate.js';
import { rate, scheduled } from './schedule.js';

export const scheduleSeed = z
  .number()
  .int()
  .min(0)
  .max(0xffffffff)
  .describe('Seed of the schedule.')
  .default(0);

const schema = z.strictObject({
  pattern: z.literal('gamma'),
  rate,
  burstiness: z
    .number()
    .positive()
    .describe('Shape of the gaps: 1 is a Poisson process, less comes in bursts, more is more even.'),
  seed: scheduleSeed,
  ...scheduled,
});

export const burstinessFlag = {
  takes: '<shape>',
  help: 'gamma, ramp-up: shape of the gaps; 1: a Poisson process',
  parse: positive,
  default: 1,
} as const;

const flags = { burstiness: burstinessFlag } satisfies Flags;

/**
 * Gaps between requests are gamma-distributed with mean 1/rate. Source: `get_request` of vLLM's benchmark client
 * (vllm/benchmarks/serve.py), theta = 1 / (rate × burstiness).
 */
export const gamma: Scheduled<typeof schema, typeof flags> = {
  name: 'gamma',
  schema,
  schedule: gammaTimes,
  rate: (arrival) => arrival.rate,
  burstiness: (arrival) => arrival.burstiness,
  bench: {
    flags,
    toSpec: (options) => ({
      pattern: 'gamma',
      rate: neededRate(options, 'gamma'),
      burstiness: options.burstiness,
      seed: options.seed,
      ...limitOf(options),
    }),
  },
};

/** Times of a schedule, ms, from 0. They depend on the seed alone. */
export function gammaTimes(
  { rate: perSecond, burstiness, seed: from }: { rate: number; burstiness: number; seed: number },
  count: number,
): (index: number) => number {
  const random = new Mt19937(from);
  const uniform = (): number => (random.uint32() + 0.5) / 2 ** 32;
  const times = new Float64Array(count);
  for (let index = 1; index < count; index++) {
    times[index] = times[index - 1]! + (gammaSample(burstiness, uniform) * 1000) / (perSecond * burstiness);
  }
  return (index) => times[index] ?? 0;
}

/** A sample of Gamma(shape, 1). Source: Marsaglia and Tsang, "A simple method for generating gamma variables", 2000. */
export function gammaSample(shape: number, uniform: () => number): number {
  if (shape < 1) return gammaSample(shape + 1, uniform) * uniform() ** (1 / shape);
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const normal = Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
    const v = (1 + c * normal) ** 3;
    if (v <= 0) continue;
    if (Math.log(uniform()) < 0.5 * normal * normal + d - d * v + d * Math.log(v)) return d * v;
  }
}
