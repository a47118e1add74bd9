/** What comparisons are made of, for programs that judge them. */
export { openToRead } from '../index/database.js';
export { compareSides } from './compare.js';
export { effectOf, judge, powerOf, type Power } from './judge.js';
export { CELL, measurementsOf, type Measurement } from './measurements.js';
export { METRICS, type ComparedMetric } from './compared-metrics.js';
export type { Noise } from './noise.js';
export { learn, repeatsOf, type MetricNoise, type PointRepeat } from './repeats.js';
