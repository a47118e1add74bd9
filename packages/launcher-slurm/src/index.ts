import { slurm } from './slurm.js';

export { slurmOptions, type SlurmOptions } from './options.js';

export default [slurm];
