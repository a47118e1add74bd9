import { concurrenciesOf, isMultiNode, type Job } from '../job.js';
import { pointId } from '../point-id.js';
import type { ChangelogMatrix } from './buckets.js';

/** What a sweep runs of a changelog's matrix: all but what says why. */
export type ChangelogJobs = Omit<ChangelogMatrix, 'changelog_metadata'>;

/**
 * The jobs of a changelog's matrix, in its order. InferenceX starts a server of its own for each eval. Here a job that is measured as well
 * is asked in its own session; what remains is asked alone.
 */
export function jobsOfChangelog({
  single_node: single,
  multi_node: multi,
  ...lists
}: ChangelogJobs): readonly Job[] {
  const all = [...Object.values(single), ...Object.values(multi)].flat();
  const { evals = [], agentic_evals: agentic = [], multinode_evals: many = [] } = lists;
  const listed = [...evals, ...agentic, ...many, ...(lists.multinode_agentic_evals ?? [])];
  const measured = all.filter((job) => job['eval-only'] !== true);
  const asked = [...all.filter((job) => job['eval-only'] === true), ...listed];
  const marked = new Map<Job, number[]>();
  const alone = asked.filter((evaluated) => {
    const found = evaluatedConcs(evaluated).map((conc) => ({
      conc,
      job: measured.find(hasPoint(evaluated, conc)),
    }));
    if (found.some(({ job }) => job === undefined)) return true;
    for (const { job, conc } of found)
      if (job !== undefined) marked.set(job, [...(marked.get(job) ?? []), conc]);
    return false;
  });
  return [...measured.map((job) => withMark(job, marked.get(job))), ...alone.map(onlyAsked)];
}

function evaluatedConcs(job: Job): readonly number[] {
  const at = isMultiNode(job) ? job['eval-conc'] : undefined;
  return at === undefined ? concurrenciesOf(job) : [at];
}

function hasPoint(other: Job, conc: number): (job: Job) => boolean {
  const id = pointId({ job: other, concurrency: conc }, '');
  return (job) => concurrenciesOf(job).includes(conc) && pointId({ job, concurrency: conc }, '') === id;
}

function withMark(job: Job, concs: readonly number[] | undefined): Job {
  if (concs === undefined) return job;
  if (!isMultiNode(job)) return { ...job, 'run-eval': true };
  const [first] = concs;
  return concs.length === 1 && first !== undefined
    ? { ...job, 'run-eval': true, 'eval-conc': first }
    : { ...job, 'run-eval': true, 'eval-all-concs': true };
}

function onlyAsked(job: Job): Job {
  return { ...job, 'run-eval': true, 'eval-only': true };
}
