import { learn, METRICS, repeatsIn, sameMeasured, type Measurement } from '@sweepline/store/judge';
import { cellName } from '../model/measurements.js';
import type { SiteNoise } from '../site/site-data.js';
import { namesIn, type Chosen } from './chosen.js';
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

export async function learnNoises(from: Chosen): Promise<Learnt> {
  const metrics = METRICS.filter(({ key }) => from.columns.has(key));
  const known = await from.measurements(metrics.map(({ key }) => key));
  const groups = sameMeasured(known);
  return { known, noises: metrics.map((metric) => ({ metric, noise: learn(repeatsIn(groups, metric)) })) };
}

/** `noise`: so that a page says what `sweepline compare` says. Hardware and frameworks of no chosen point are not named. */
export async function siteNoise(points: Chosen, { noises }: Learnt): Promise<SiteNoise> {
  const cells = await points.cells(namesIn(points.columns, ['sku', 'framework']));
  const chosen = new Set(
    Array.from({ length: points.points }, (_, row) => {
      const [sku, framework] = ['sku', 'framework'].map((name) => asText(cells.get(name)?.[row]));
      return cellName(sku, framework);
    }),
  );
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
