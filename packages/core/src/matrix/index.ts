export { fullSweep } from './full-sweep.js';
