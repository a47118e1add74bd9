import { useMemo } from 'preact/hooks';
import { judgedMetrics, type JudgedMetric } from '../../src/model/noises.js';
import type { SiteNoise } from '../../src/site/site-data.js';
import { useData, type Loaded } from './use-data.js';
import { useMetrics } from './use-metrics.js';

/** A metric that is judged, and its number by row of points. */
export interface Judged {
  readonly all: readonly JudgedMetric[];
  readonly judged: JudgedMetric;
  readonly valueOf: (row: number) => number | undefined;
}

/** @param key of the metric; of another, or none, it is the first that the site has */
export function useJudged(key: string | undefined): Loaded<Judged> {
  const noise = useData<SiteNoise>('noise');
  const all = useMemo(() => (noise.state === 'loaded' ? judgedMetrics(noise.value) : []), [noise]);
  const judged = all.find(({ metric }) => metric.key === key) ?? all[0];
  const values = useMetrics(judged === undefined ? [] : [judged.metric.key]);
  return useMemo((): Loaded<Judged> => {
    if (noise.state !== 'loaded') return noise;
    if (judged === undefined) return { state: 'failed', message: 'the site has no metric that is judged' };
    if (values.state !== 'loaded') return values;
    // Numbers of another metric are shown until its own have arrived: they are not its.
    const column = values.value.get(judged.metric.key);
    if (column === undefined) return { state: 'loading' };
    return { state: 'loaded', value: { all, judged, valueOf: (row) => column[row] ?? undefined } };
  }, [noise, all, judged, values]);
}
