/** Reading and writing files of this machine, without a database. */
export { DISK } from './disk-files.js';
export { synced } from './synced.js';
export { writeWhole } from './write-whole.js';
