import type { MatrixJob, PlannedConfig } from './plan.js';

/** GitHub takes 256 jobs of one matrix; the workflow has one of canaries, and four of rows. */
export const MOST_OF_A_MATRIX = 256;
export const MATRICES_OF_ROWS = 4;

export interface Fleet {
  readonly minutesPerPoint: number;
  readonly enqueueHours: number;
  /** Machines by runner label; 1 for those that aren't named. */
  readonly machines: Readonly<Record<string, number>>;
}

export interface Share {
  readonly now: readonly PlannedConfig[];
  readonly later: readonly PlannedConfig[];
}

/**
 * What the machines of each label begin within the given time, and what waits for the next run. Rows are put into the queue when all
 * canaries have ended, so that their time begins anew. Something is always in `now`.
 */
export function share(configs: readonly PlannedConfig[], fleet: Fleet): Share {
  const canaries = queues(fleet);
  const rows = queues(fleet);
  const now: PlannedConfig[] = [];
  const later: PlannedConfig[] = [];
  let [canariesLeft, rowsLeft] = [MOST_OF_A_MATRIX, MOST_OF_A_MATRIX * MATRICES_OF_ROWS];
  for (const config of configs) {
    const { canary, runner } = config;
    if (canary !== undefined && (canariesLeft === 0 || !canaries.take(runner, [canary]))) {
      later.push(config);
      continue;
    }
    if (canary !== undefined) canariesLeft -= 1;
    const taken: PlannedConfig['rows'] = [];
    const left: PlannedConfig['rows'] = [];
    for (const row of config.rows) {
      // In their order: a row that waits keeps the ones after it back.
      if (left.length === 0 && rowsLeft > 0 && rows.take(runner, row.jobs)) {
        taken.push(row);
        rowsLeft -= 1;
      } else left.push(row);
    }
    if (canary !== undefined || taken.length > 0) now.push({ ...config, rows: taken });
    const { canary: _, ...rest } = config;
    if (left.length > 0) later.push({ ...rest, rows: left });
  }
  return { now, later };
}

/** Machines by label, each with the minute at which it is free. */
function queues({ machines, minutesPerPoint, enqueueHours }: Fleet) {
  const free = new Map<string, number[]>();
  return {
    /** Whether a machine begins jobs in time; then they are its own. */
    take(runner: string, jobs: readonly MatrixJob[]): boolean {
      const count = Object.hasOwn(machines, runner) ? (machines[runner] ?? 1) : 1;
      const times = free.get(runner) ?? Array.from({ length: count }, () => 0);
      const start = Math.min(...times);
      if (start > enqueueHours * 60) return false;
      times[times.indexOf(start)] = start + minutesPerPoint * pointsOf(jobs);
      free.set(runner, times);
      return true;
    },
  };
}

export function pointsOf(jobs: readonly MatrixJob[]): number {
  return jobs.reduce((sum, { conc }) => sum + (Array.isArray(conc) ? conc.length : 1), 0);
}
