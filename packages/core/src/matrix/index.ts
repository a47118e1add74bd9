export { withEntry, type NewEntry } from './changelog/add-entry.js';
export { fullSweep } from './full-sweep.js';
