/* All arrival patterns, one per line. */
export { closedLoop } from './closed-loop.js';
export { constant } from './constant.js';
export { gamma } from './gamma.js';
export { poisson } from './poisson.js';
export { ramp } from './ramp.js';
export { rampUp } from './ramp-up.js';
export { replay } from './replay.js';
