export { withEntry, type NewEntry } from './changelog/add-entry.js';
export { fullSweep } from './full-sweep.js';
export { readMatrix, type ReadMatrix } from './read.js';
