import { noiseModelOf, type ComparedMetric, type Match, type MetricNoise } from '@sweepline/store/judge';
import type { SiteMetricNoise, SiteNoise } from '../site/site-data.js';

/** A metric that is judged, with its noise. */
export interface JudgedMetric {
  readonly metric: ComparedMetric;
  readonly noise: MetricNoise;
  /** Pairs of measurements of the same that it was learnt from. */
  readonly repeats: number;
}

/** Of all metrics of a site that are judged, in its order. */
export function judgedMetrics({ metrics }: SiteNoise): readonly JudgedMetric[] {
  return metrics.map(judgedMetric);
}

function judgedMetric(of: SiteMetricNoise): JudgedMetric {
  const { key, label, better, effect, movedByStalls, decides, points, stalledPoints, curves } = of;
  const modelOf = (learnt: typeof points) => (learnt === undefined ? undefined : noiseModelOf(learnt));
  return {
    metric: { key, label, better, effect, movedByStalls, decides },
    noise: {
      ...{ points: modelOf(points), stalledPoints: modelOf(stalledPoints), curves: modelOf(curves) },
      ...{ runs: of.runs, nodes: of.nodes },
    },
    repeats: points?.repeats ?? 0,
  };
}

/**
 * Of a match whose sides were measured in different hardware or frameworks, the noise is that of the noisier side. `sweepline compare` has no
 * such match.
 */
export function withNoisierCell(match: Match, { points }: MetricNoise): Match {
  const [a, b] = [match.a.at(-1)?.cell, match.b.at(-1)?.cell];
  if (a === undefined || b === undefined || a === b || points === undefined) return match;
  const half = (cell: string): number => points.noiseOf(cell).quantile(0.975);
  const cell = half(b) > half(a) ? b : a;
  return { ...match, a: match.a.map((one) => ({ ...one, cell })) };
}
