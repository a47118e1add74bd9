import { learn, measurementsOf, METRICS, repeatsOf, type Measurement } from '@sweepline/store/compare';
import type { SiteNoise } from '../site/site-data.js';
import type { Chosen } from './chosen.js';

type Metric = (typeof METRICS)[number];
export type LearntMetric = ReturnType<typeof learn>;

/** What repeats of all results of the store say of noise, those that are not chosen among them. */
export interface Learnt {
  /** Valid measurements, the oldest first. */
  readonly known: readonly Measurement[];
  readonly noises: readonly { readonly metric: Metric; readonly noise: LearntMetric }[];
}

export async function learnNoises({ connection, columns }: Chosen): Promise<Learnt> {
  const metrics = METRICS.filter(({ key }) => columns.has(key));
  const keys = metrics.map(({ key }) => key);
  const known = await measurementsOf(connection, keys, 'r.is_valid');
  return { known, noises: metrics.map((metric) => ({ metric, noise: learn(repeatsOf(known, metric)) })) };
}

/** `noise`: so that a page says what `sweepline compare` says. */
export function siteNoise({ noises }: Learnt): SiteNoise {
  return {
    metrics: noises.map(({ metric, noise: { points, stalledPoints, curves, runs, nodes } }) => ({
      ...{ ...metric, runs, nodes },
      ...(points && { points: points.learnt }),
      ...(stalledPoints && { stalledPoints: stalledPoints.learnt }),
      ...(curves && { curves: curves.learnt }),
    })),
  };
}
