/** Milliseconds on a monotonic clock, with the wall-clock time of its zero. */
export interface Clock {
  /** Milliseconds since the Unix epoch. */
  readonly originUnixMs: number;
  now(): number;
}

/** A clock that starts now. */
export function startClock(): Clock {
  const originUnixMs = Date.now();
  const origin = performance.now();
  return { originUnixMs, now: () => performance.now() - origin };
}
