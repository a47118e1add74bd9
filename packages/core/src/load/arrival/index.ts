import { z } from 'zod';
import type { ArrivalContext, ArrivalPattern } from './arrival.js';
import { closedLoop } from './closed-loop.js';
import { constant } from './constant.js';
import { gamma, poisson } from './gamma.js';
import { ramp } from './ramp.js';
import { replay } from './replay.js';

/** All patterns, by the name that specs give them. */
const PATTERNS = { 'closed-loop': closedLoop, constant, poisson, gamma, ramp, replay };

/** A load spec's `arrival`. */
export const arrivalSchema = z.discriminatedUnion('pattern', [
  closedLoop.schema,
  constant.schema,
  poisson.schema,
  gamma.schema,
  ramp.schema,
  replay.schema,
]);

export type Arrival = z.output<typeof arrivalSchema>;

/** Sends what this thread can claim in the spec's pattern; resolves when the last has ended. */
export function runArrival(arrival: Arrival, context: ArrivalContext): Promise<void> {
  return patternOf(arrival).run(arrival, context);
}

/** Connections to open, in all threads together, before the clock of `count` requests starts. */
export function connectionsFor(arrival: Arrival, count: number): number {
  return patternOf(arrival).connections(arrival, count);
}

/** The pattern that an arrival names: its schema made the arrival, so that the two fit. */
function patternOf({ pattern }: Arrival): Pick<ArrivalPattern<z.ZodType<Arrival>>, 'run' | 'connections'> {
  return PATTERNS[pattern];
}
