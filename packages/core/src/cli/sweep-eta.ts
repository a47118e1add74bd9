/** Estimated seconds until the end of a sweep, from the durations of its finished points; undefined before the first one ends. */
export interface SweepEta {
  started(): void;
  ended(): void;
  /** `points`: those that have not ended, including the one being measured. */
  left(points: number): number | undefined;
}

/** @param now monotonic milliseconds */
export function createSweepEta(now: () => number): SweepEta {
  let began: number | undefined;
  let lastEnd = 0;
  let ended = 0;
  return {
    started() {
      began ??= now();
    },
    ended() {
      if (began === undefined) return;
      ended += 1;
      lastEnd = now();
    },
    left(points) {
      if (began === undefined || ended === 0 || points <= 0) return undefined;
      const perPoint = (lastEnd - began) / ended;
      const since = now() - lastEnd;
      // If a point takes longer than those before it, the estimate for the others stays the same.
      return Math.max(perPoint * points - since, perPoint * (points - 1)) / 1000;
    },
  };
}
