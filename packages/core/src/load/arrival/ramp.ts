import { z } from 'zod';
import type { ArrivalPattern } from './arrival.js';
import { rate, runSchedule, scheduled, scheduledConnections } from './schedule.js';

const schema = z.strictObject({
  pattern: z.literal('ramp'),
  /** Requests a second at the start and after `durationS`; the rate stays at `to` from then on. */
  from: z.number().nonnegative(),
  to: rate,
  durationS: z.number().positive(),
  ...scheduled,
});

/** A rate that grows or falls in a straight line. */
export const ramp: ArrivalPattern<typeof schema> = {
  schema,
  run: (arrival, context) => runSchedule((index) => rampTime(arrival, index), arrival, context),
  connections: scheduledConnections,
};

/**
 * When the request `index` is due, ms: where `index` requests lie under the line, from·t + (to − from)·t²/(2·duration).
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
