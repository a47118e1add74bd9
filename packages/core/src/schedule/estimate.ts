import { curveOf } from '../matrix/curve.js';
import type { Job } from '../matrix/job.js';
import { median } from '../metrics/statistics.js';
import type { PlannedPoint } from '../plan/plan.js';
import { nameOfPoint } from '../plan/repeats.js';
import { pointNameOf } from '../results/repeats.js';
import type { Result } from '../results/schema.js';

/** What an earlier result says of how long points take. */
export type PastPoint = Pick<
  Result,
  'name' | 'point' | 'state' | 'job' | 'concurrency' | 'startedAt' | 'finishedAt' | 'endpoint'
>;

/** What an estimate is taken from, the surest first. */
export const BASES = ['point', 'curve', 'model'] as const;

export type Basis = (typeof BASES)[number];

/** How long a point will take, by how long others took. */
export interface Estimate {
  readonly seconds: number;
  /** `point`: the same one; `curve`: others of its job; `model`: others of its model, framework and runner. */
  readonly basis: Basis;
}

/** Estimates points by results of earlier sweeps. */
export type Estimator = (planned: PlannedPoint) => Estimate | undefined;

/** @param past in the order in which they were measured: of several, the later half decides */
export function estimateFrom(past: readonly PastPoint[]): Estimator {
  const found = new Map<string, number[]>();
  for (const result of past) {
    if (result.state !== 'completed' || result.endpoint !== undefined) continue;
    const seconds = (Date.parse(result.finishedAt) - Date.parse(result.startedAt)) / 1000;
    if (!(seconds >= 0)) continue; // the clock was set back
    const job = result.job as unknown as Job;
    for (const basis of BASES) {
      const key = keyOf(basis, pointNameOf(result), { job, concurrency: result.concurrency });
      const others = found.get(key);
      if (others === undefined) found.set(key, [seconds]);
      else others.push(seconds);
    }
  }
  return (planned) => {
    for (const basis of BASES) {
      const seconds = found.get(keyOf(basis, nameOfPoint(planned), planned.point));
      const lately = median(seconds?.slice(seconds.length >> 1) ?? []);
      if (lately !== undefined) return { seconds: lately, basis };
    }
    return undefined;
  };
}

/** Images change without changing how long points take. */
function keyOf(basis: Basis, name: string, { job, concurrency }: PlannedPoint['point']): string {
  const { image: _, ...rest } = job;
  if (basis === 'point') return `point ${name}`;
  if (basis === 'curve') return `curve ${curveOf({ job: rest as Job, concurrency })}`;
  return `model ${JSON.stringify([job.model, job.precision, job.framework, job.runner])}`;
}
