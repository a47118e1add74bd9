export { builtinMetrics } from './builtin/index.js';
export { caveatsOf } from './caveats.js';
export { computeMetrics, type Interval, type Metrics } from './compute.js';
export { isValidRun, marksOf } from './marks.js';
