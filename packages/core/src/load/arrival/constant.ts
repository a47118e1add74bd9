import { z } from 'zod';
import type { Scheduled } from './arrival.js';
import { limitOf, neededRate } from './bench-rate.js';
import { rate, scheduled } from './schedule.js';

const schema = z.strictObject({ pattern: z.literal('constant'), rate, ...scheduled });

const flags = {};

/** Requests at equal intervals. */
export const constant: Scheduled<typeof schema, typeof flags> = {
  name: 'constant',
  schema,
  schedule: (arrival) => (index) => (index * 1000) / arrival.rate,
  rate: (arrival) => arrival.rate,
  burstiness: () => Infinity,
  bench: {
    flags,
    toSpec: (options) => ({
      pattern: 'constant',
      rate: neededRate(options, 'constant'),
      ...limitOf(options),
    }),
  },
};
