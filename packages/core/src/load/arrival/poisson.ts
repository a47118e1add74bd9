import { z } from 'zod';
import type { Scheduled } from './arrival.js';
import { limitOf, neededRate } from './bench-rate.js';
import { gammaTimes, scheduleSeed } from './gamma.js';
import { rate, scheduled } from './schedule.js';

const schema = z.strictObject({ pattern: z.literal('poisson'), rate, seed: scheduleSeed, ...scheduled });

const flags = {};

/** A Poisson process: gaps are exponentially distributed with mean 1/rate. */
export const poisson: Scheduled<typeof schema, typeof flags> = {
  name: 'poisson',
  schema,
  schedule: (arrival, count) => gammaTimes({ ...arrival, burstiness: 1 }, count),
  rate: (arrival) => arrival.rate,
  bench: {
    flags,
    toSpec: (options) => ({
      pattern: 'poisson',
      rate: neededRate(options, 'poisson'),
      seed: options.seed,
      ...limitOf(options),
    }),
  },
};
