import { z } from 'zod';
import type { Flags } from '../spec/flags.js';
import type { ArrivalContext, ArrivalPattern } from './arrival.js';
import * as patterns from './patterns.js';
import { runSchedule, scheduledConnections } from './schedule.js';

type Listed = (typeof patterns)[keyof typeof patterns];

/** A load spec's `arrival`. */
export type Arrival = z.output<Listed['schema']>;

/** A pattern for any arrival. Its schema parsed the arrival, so the two match. */
export type AnyPattern = ArrivalPattern<z.ZodType<Arrival>, Flags>;

const LISTED: readonly Listed[] = Object.values(patterns);

/** All patterns, in the order of their names. */
export const ARRIVAL_PATTERNS = LISTED as unknown as readonly AnyPattern[];

const [firstSchema, ...otherSchemas] = LISTED.map(({ schema }) => schema);

export const arrivalSchema = z.discriminatedUnion('pattern', [firstSchema!, ...otherSchemas]);

/** The pattern that an arrival names. */
export function patternOf({ pattern }: Pick<Arrival, 'pattern'>): AnyPattern {
  return ARRIVAL_PATTERNS.find(({ name }) => name === pattern)!;
}

/** Sends the requests that this thread can claim, in the spec's pattern; resolves when the last one has ended. */
export function runArrival(arrival: Arrival, context: ArrivalContext): Promise<void> {
  const pattern = patternOf(arrival);
  if (!('schedule' in pattern)) return pattern.run(arrival, context);
  return runSchedule(pattern.schedule(arrival, context.count), arrival, context);
}

/** Connections to open in all threads together before the clock starts, for `count` requests. */
export function connectionsFor(arrival: Arrival, count: number): number {
  const pattern = patternOf(arrival);
  return 'schedule' in pattern ? scheduledConnections(arrival, count) : pattern.connections(arrival, count);
}

/** How many requests a schedule has in the first `seconds`, up to `most`; undefined without a schedule. */
export function requestsWithin(arrival: Arrival, seconds: number, most: number): number | undefined {
  const pattern = patternOf(arrival);
  if (!('schedule' in pattern)) return undefined;
  for (let count = 1024; ; count *= 2) {
    const size = Math.min(count, most);
    const dueMs = pattern.schedule(arrival, size);
    if (size < most && dueMs(size - 1) < seconds * 1000) continue;
    return firstNot(size, (index) => dueMs(index) < seconds * 1000);
  }
}

/** The first of the ascending indices below `count` for which `isSo` is false, or `count`. */
function firstNot(count: number, isSo: (index: number) => boolean): number {
  let [low, high] = [0, count];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (isSo(middle)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Whether requests are due by a schedule rather than when others end. */
export function hasSchedule(arrival: Pick<Arrival, 'pattern'>): boolean {
  return 'schedule' in patternOf(arrival);
}
