import type { BenchOptions } from '../../bench/options.js';
import { WORKLOADS } from '../../load/workloads/index.js';
import type { App } from '../app.js';

/** Warns where all loads have the same texts: the seed only chooses among those of a file, and a server may remember them. */
export function warnOfRepeats(
  { logger }: App,
  { datasetName, bustCache }: BenchOptions,
  loads: 'points' | 'probes',
): void {
  const workload = WORKLOADS.find(({ name }) => name === datasetName);
  if (workload?.isRepeated !== true || bustCache !== undefined) return;
  logger.warn(
    `all ${loads} send prompts of the same file: those that the server keeps in a prefix cache cost it less in later ${loads}. --bust-cache gives each prompt a beginning of its own`,
  );
}
