import { mean as meanOf } from '../../metrics/statistics.js';
import type { Sample } from './samples.js';

/** Requests in flight as others came. */
export interface Backlog {
  readonly mean: number;
  /** It surely grows. */
  readonly grows: boolean;
  /** It does not grow, or not by much. */
  readonly isSteady: boolean;
}

/** Growth as a share of the requests that come: of a server that does not keep up, and at most of one that does. */
const BEHIND = 0.05;
const STEADY = 0.1;
/** How far a backlog wanders by chance, in √requests: it is a sum of independent comings and goings. */
const SURELY = 4;
const MAYBE = 1.5;

/**
 * Compares the requests in flight in the first and the last third.
 * @param from first request that counts: those before fill the server
 * @param isOpenLoop what others wait for does not keep them from coming
 */
export function backlogOf(samples: readonly Sample[], from: number, isOpenLoop: boolean): Backlog {
  const counts = inFlightAt(samples).slice(from);
  if (!isOpenLoop) return { mean: mean(counts), grows: false, isSteady: true };
  const third = Math.floor(counts.length / 3);
  const growth = third === 0 ? 0 : mean(counts.slice(-third)) - mean(counts.slice(0, third));
  const wandering = Math.sqrt(counts.length);
  // From the middle of the first third to that of the last.
  const came = (2 / 3) * counts.length;
  return {
    mean: mean(counts),
    grows: growth > BEHIND * came && growth > SURELY * wandering,
    isSteady: growth <= BEHIND * came && growth + MAYBE * wandering <= STEADY * came,
  };
}

/** For each request, how many others were in flight when it was due. */
function inFlightAt(samples: readonly Sample[]): readonly number[] {
  const ends = Float64Array.from(samples, ({ endMs }) => endMs).sort();
  let ended = 0;
  return samples.map(({ dueMs }, before) => {
    while (ended < ends.length && (ends[ended] ?? Infinity) <= dueMs) ended++;
    return Math.max(0, before - ended);
  });
}

/** None in flight where nothing came. */
function mean(values: readonly number[]): number {
  return meanOf(values) ?? 0;
}
