/**
 * The verdicts of `sweepline compare` for any program, pages in a browser too: no database, and nothing of Node. Who has measurements and what
 * was learnt of noise judges as the command does.
 */
export { METRICS, type ComparedMetric } from './compare/compared-metrics.js';
export { FALSE_RUNS, judgeCurves, type CurveJudgement } from './compare/compare-curves.js';
export { judgePoint, type PointJudgement } from './compare/compare-points.js';
export { effectOf, powerOf, worse, type Judgement, type Verdict } from './compare/judge.js';
export { last, matchSides, type Match, type Unmatched } from './compare/matches.js';
export type { Measurement } from './compare/measurements.js';
export { noiseModelOf, type LearntNoise, type NoiseModel } from './compare/noise-model.js';
export type { Scale } from './compare/noise.js';
export { learn, repeatsIn, repeatsOf, sameMeasured, type MetricNoise } from './compare/repeats.js';
export { hasStalled } from './compare/stalls.js';
export { grouped } from './grouped.js';
