import { hrtime } from 'node:process';

/** Zero of a run's clock. Threads that share it read the same time. */
export interface ClockOrigin {
  /** Milliseconds since the Unix epoch. */
  readonly originUnixMs: number;
  /** The same moment on the machine's monotonic clock, ms (`CLOCK_MONOTONIC` on Linux). */
  readonly originMonotonicMs: number;
}

/** Milliseconds since the origin on the machine's monotonic clock. */
export interface Clock extends ClockOrigin {
  now(): number;
}

/** A clock that starts now. */
export function startClock(): Clock {
  return joinClock({ originUnixMs: Date.now(), originMonotonicMs: monotonicMs() });
}

/** The clock of an origin, in any thread or process of the same machine. */
export function joinClock({ originUnixMs, originMonotonicMs }: ClockOrigin): Clock {
  // performance.now() has its own zero in each thread, but is cheaper to read.
  const zero = originMonotonicMs - offsetMs();
  return { originUnixMs, originMonotonicMs, now: () => performance.now() - zero };
}

/** How far the monotonic clock is ahead of performance.now(). Uses the reading with the least time between the two. */
function offsetMs(): number {
  let best = { gap: Infinity, offset: 0 };
  for (let i = 0; i < 5; i++) {
    const before = performance.now();
    const monotonic = monotonicMs();
    const after = performance.now();
    if (after - before < best.gap) best = { gap: after - before, offset: monotonic - (before + after) / 2 };
  }
  return best.offset;
}

function monotonicMs(): number {
  return Number(hrtime.bigint()) / 1e6;
}
