import { z } from 'zod';
import { SweeplineError } from '../../errors.js';
import { positive, type Flags } from '../spec/flags.js';
import type { Scheduled } from './arrival.js';
import { limitOf, neededRate } from './bench-rate.js';
import { rate, scheduled } from './schedule.js';

const schema = z.strictObject({
  pattern: z.literal('ramp'),
  from: z.number().nonnegative().describe('Requests per second at the start.'),
  to: rate.describe('Requests per second at the end of the ramp, and after it.'),
  durationS: z.number().positive().describe('Seconds from one to the other.'),
  ...scheduled,
});

const flags = {
  rampFrom: {
    takes: '<rate>',
    help: 'ramp: requests a second at first; --request-rate later',
    parse: (text: string) => (text === '0' ? 0 : positive(text)),
    default: 0,
  },
  rampSeconds: {
    takes: '<s>',
    help: 'ramp: how long the rate takes to get there',
    parse: positive,
    only: true,
  },
} satisfies Flags;

/** A rate that grows or falls linearly over time. */
export const ramp: Scheduled<typeof schema, typeof flags> = {
  name: 'ramp',
  schema,
  schedule: (arrival) => (index) => rampTime(arrival, index),
  isRamp: true,
  bench: {
    flags,
    toSpec(options) {
      const { rampFrom: from, rampSeconds: durationS } = options;
      if (durationS === undefined) throw new SweeplineError('USAGE', '--arrival ramp needs --ramp-seconds');
      return { pattern: 'ramp', from, to: neededRate(options, 'ramp'), durationS, ...limitOf(options) };
    },
  },
};

/**
 * When request `index` is due, ms: the time t at which the area under the rate, from·t + (to − from)·t²/(2·duration), is `index`.
 */
export function rampTime(
  { from, to, durationS }: { from: number; to: number; durationS: number },
  index: number,
): number {
  const during = ((from + to) / 2) * durationS;
  if (index > during) return (durationS + (index - during) / to) * 1000;
  const slope = (to - from) / durationS;
  if (Math.abs(slope) < 1e-12) return (index / from) * 1000;
  return ((Math.sqrt(Math.max(0, from * from + 2 * slope * index)) - from) / slope) * 1000;
}
