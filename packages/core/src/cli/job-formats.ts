import { isMultiNode, type Job } from '../matrix/job.js';
import { fittedTable } from './fitted-table.js';

/** The most jobs that one `strategy.matrix` of a GitHub workflow takes. */
const MOST_JOBS_OF_A_MATRIX = 256;

/** The formats in which jobs are printed, one row each. */
const FORMATS = {
  json: (jobs: readonly Job[]) => `${JSON.stringify(jobs)}\n`,
  ndjson: (jobs: readonly Job[]) => jobs.map((job) => `${JSON.stringify(job)}\n`).join(''),
  table: (jobs: readonly Job[], width: number) =>
    fittedTable(
      TABLE.map(({ title }) => title),
      jobs.map(cells),
      width,
    ),
  github: (jobs: readonly Job[]) => `${JSON.stringify(chunks(jobs))}\n`,
} as const;

export type JobFormat = keyof typeof FORMATS;
export const JOB_FORMATS = Object.keys(FORMATS) as readonly JobFormat[];

/** @param width characters of a line, for tables */
export function renderJobs(jobs: readonly Job[], format: JobFormat, width: number): string {
  return FORMATS[format](jobs, width);
}

/** `[{"include": […]}, …]`: each element fits into one `strategy.matrix`. */
function chunks(jobs: readonly Job[]): readonly { readonly include: readonly Job[] }[] {
  const count = Math.ceil(jobs.length / MOST_JOBS_OF_A_MATRIX);
  return Array.from({ length: count }, (_, index) => ({
    include: jobs.slice(index * MOST_JOBS_OF_A_MATRIX, (index + 1) * MOST_JOBS_OF_A_MATRIX),
  }));
}

const TABLE: readonly { readonly title: string; readonly of: (job: Job) => unknown }[] = [
  { title: 'Experiment', of: (job) => job['exp-name'] },
  { title: 'Precision', of: (job) => job.precision },
  { title: 'Framework', of: (job) => job.framework },
  { title: 'Runner', of: (job) => job.runner },
  { title: 'Parallelism', of: parallelism },
  { title: 'Spec', of: (job) => job['spec-decoding'] },
  { title: 'Conc', of: (job) => String(job.conc) },
  { title: 'Eval', of: (job) => (job['run-eval'] ? 'yes' : '') },
];

function cells(job: Job): readonly string[] {
  return TABLE.map(({ of }) => String(of(job)));
}

function parallelism(job: Job): string {
  if (!isMultiNode(job)) {
    return `tp${job.tp} ep${job.ep}${job['dp-attn'] ? ' dp-attn' : ''}`;
  }
  const { prefill, decode } = job;
  return `${prefill['num-worker']}P tp${prefill.tp} + ${decode['num-worker']}D tp${decode.tp}`;
}
