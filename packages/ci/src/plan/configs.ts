import type { MatrixJob, PlannedConfig } from './plan.js';
import { isOnlyAsked } from './read-jobs.js';
import { pointsOf } from './share.js';

/** A config with more than one job of GitHub is cut into rows of at most so many points. */
export interface RowLength {
  readonly points: number;
}

/** Keys that the jobs of a config have in common. */
const OF_A_CONFIG = [
  ...['model-prefix', 'model', 'image', 'precision', 'framework', 'runner', 'spec-decoding', 'disagg'],
  ...['scenario-type', 'router'],
] as const;

/**
 * Jobs by config, in their order: each with its canary, the lowest concurrency that is measured, and the others. Where nothing is
 * measured, the canary is an eval.
 */
export function planConfigs(jobs: readonly MatrixJob[], length: RowLength): readonly PlannedConfig[] {
  const groups = new Map<string, MatrixJob[]>();
  for (const job of jobs) {
    const key = JSON.stringify(['prefill' in job, ...OF_A_CONFIG.map((name) => job[name] ?? null)]);
    groups.set(key, [...(groups.get(key) ?? []), job]);
  }
  return [...groups.values()].map((group, index) => planConfig(group, `c${index + 1}`, length));
}

function planConfig(jobs: readonly MatrixJob[], id: string, length: RowLength): PlannedConfig {
  const measured = jobs.filter((job) => !isOnlyAsked(job));
  const first = (measured.length === 0 ? jobs : measured).reduce((least, job) =>
    lowestOf(job) < lowestOf(least) ? job : least,
  );
  const others = jobs.flatMap((job) => (job === first ? withoutLowest(job) : [job]));
  return {
    ...{ id, name: nameOf(first), runner: first.runner, canary: atLowest(first) },
    rows: chunks(others, length.points).map((chunk, index) => ({ id: `${id}-${index + 1}`, jobs: chunk })),
  };
}

/** For people; made of letters, digits and a few signs only. */
function nameOf(job: MatrixJob): string {
  return [job['model-prefix'], job.precision, job.framework, job.runner]
    .map((part) => part.replaceAll(/[^\w.-]/g, '_'))
    .join('-');
}

function lowestOf({ conc }: MatrixJob): number {
  return Array.isArray(conc) ? Math.min(...conc) : conc;
}

/** A job of several nodes has a list of concurrencies: one server is loaded with each. */
function atLowest(job: MatrixJob): MatrixJob {
  return Array.isArray(job.conc) ? { ...job, conc: [lowestOf(job)] } : job;
}

function withoutLowest(job: MatrixJob): readonly MatrixJob[] {
  if (!Array.isArray(job.conc)) return [];
  const conc = job.conc.filter((one) => one !== lowestOf(job));
  return conc.length === 0 ? [] : [{ ...job, conc }];
}

/** Jobs in order, in as few lists as hold at most `most` points; one job is never cut. */
function chunks(jobs: readonly MatrixJob[], most: number): MatrixJob[][] {
  const lists: MatrixJob[][] = [];
  for (const job of jobs) {
    const last = lists.at(-1);
    if (last === undefined || pointsOf([...last, job]) > most) lists.push([job]);
    else last.push(job);
  }
  return lists;
}
