export { fullSweep } from './full-sweep.js';
export * from './job.js';
