/* All workloads, one per line. */
export { custom } from './custom.js';
export { hf } from './hf.js';
export { mooncake } from './mooncake.js';
export { multiTurn } from './multi-turn.js';
export { random } from './random.js';
export { sharedPrefix } from './shared-prefix.js';
export { sharegpt } from './sharegpt.js';
