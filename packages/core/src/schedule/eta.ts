/** Estimated time until the end of a sweep, from its points that have ended. */
export interface Eta {
  started(point: string): void;
  /** Whether it was started. */
  ended(point: string): boolean;
  /** `points`: those that have not ended, including those being measured. Undefined before the first one ends. */
  left(points: number): TimeLeft | undefined;
}

export interface TimeLeft {
  readonly seconds: number;
  /** Two standard errors, by how much the durations of points differ; missing for fewer points than say something of that. */
  readonly errorS?: number;
}

/** The fewest points whose spread says something. */
const LEAST_FOR_SPREAD = 4;

/** @param now monotonic milliseconds */
export function createEta(now: () => number): Eta {
  const starts = new Map<string, number>();
  const durations: number[] = [];
  let began: number | undefined;
  let lastEnd = 0;
  return {
    started(point) {
      began ??= now();
      starts.set(point, now());
    },
    ended(point) {
      const start = starts.get(point);
      if (start === undefined) return false;
      starts.delete(point);
      lastEnd = now();
      durations.push(lastEnd - start);
      return true;
    },
    left(points) {
      if (began === undefined || durations.length === 0 || points <= 0) return undefined;
      const elapsed = lastEnd - began;
      const perPoint = elapsed / durations.length;
      const since = now() - lastEnd;
      // If a point takes longer than those before it, the estimate for the others stays the same.
      const seconds = Math.max(perPoint * points - since, perPoint * (points - 1)) / 1000;
      const errorS = errorOf(durations, elapsed, points) / 1000;
      return durations.length < LEAST_FOR_SPREAD ? { seconds } : { seconds, errorS };
    },
  };
}

/** Of a sum of `points` durations that are not known, and of their mean that is estimated, where several pass at the same time. */
function errorOf(durations: readonly number[], elapsed: number, points: number): number {
  const n = durations.length;
  const sum = durations.reduce((total, one) => total + one, 0);
  const variance = durations.reduce((total, one) => total + (one - sum / n) ** 2, 0) / Math.max(1, n - 1);
  const atOnce = elapsed > 0 ? Math.max(1, sum / elapsed) : 1;
  return (2 * Math.sqrt(variance * (points + points ** 2 / n))) / atOnce;
}
