export * from './framework.js';
export * from './hardware.js';
export * from './launch-plan.js';
export * from './launcher.js';
export * from './metric.js';
export * from './node.js';
export * from './plugin.js';
export * from './recipes.js';
