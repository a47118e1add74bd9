import { CELL, learn, measurementsOf, METRICS, repeatsOf, type Measurement } from '@sweepline/store/compare';
import { select } from '@sweepline/store/read';
import type { SiteNoise } from '../site/site-data.js';
import { CHOSEN, type Chosen } from './chosen.js';
import { asText } from './columns.js';

type NoiseModel = NonNullable<LearntMetric['points']>;
type LearntNoise = NoiseModel['learnt'];
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
  const known = await measurementsOf(connection, keys, {
    where: 'r.is_valid',
    isWithoutSettings: true,
  });
  return { known, noises: metrics.map((metric) => ({ metric, noise: learn(repeatsOf(known, metric)) })) };
}

/** `noise`: so that a page says what `sweepline compare` says. Hardware and frameworks of no chosen point are not named. */
export async function siteNoise({ connection }: Chosen, { noises }: Learnt): Promise<SiteNoise> {
  const found = await select(connection, `SELECT DISTINCT ${CELL} FROM ${CHOSEN} r`);
  const chosen = new Set(found.map(([cell]) => asText(cell) ?? ''));
  const named = ({ learnt }: NoiseModel): LearntNoise => ({
    ...learnt,
    cells: Object.fromEntries(Object.entries(learnt.cells).filter(([cell]) => chosen.has(cell))),
  });
  return {
    metrics: noises.map(({ metric, noise: { points, stalledPoints, curves, runs, nodes } }) => ({
      ...{ ...metric, runs, nodes },
      ...(points && { points: named(points) }),
      ...(stalledPoints && { stalledPoints: named(stalledPoints) }),
      ...(curves && { curves: named(curves) }),
    })),
  };
}
