/** Seconds that a sweep still takes, by how long its points have taken; nothing before the first one has ended. */
export interface SweepEta {
  started(): void;
  ended(): void;
  /** `points`: those that have not ended, the one that is measured included. */
  left(points: number): number | undefined;
}

/** @param now milliseconds that only go forward */
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
      // One that takes longer than those before it leaves the others their time.
      return Math.max(perPoint * points - since, perPoint * (points - 1)) / 1000;
    },
  };
}
