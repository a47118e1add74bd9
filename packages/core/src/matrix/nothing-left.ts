import type { RunnerConfig } from '../config/model.js';
import { nearestField } from '../config/issues.js';
import { suggestion } from '../config/nearest.js';
import { flagOf } from './describe.js';
import { fullSweep, type FullSweepOptions } from './full-sweep.js';
import { concurrenciesOf, isAgentic, isMultiNode, type Job } from './job.js';
import { nodesOf } from './select.js';
import type { KeyedEntry } from './walk.js';

type Name = Exclude<keyof FullSweepOptions, 'stepSize'>;

interface Filter {
  readonly name: Name;
  /** The option's name, if it differs. */
  readonly flag?: string;
  /** Possible choices among what was left before this filter. */
  readonly choices?: (left: readonly Left[], runners: RunnerConfig) => readonly string[];
}

/** In the order in which they are applied. */
const FILTERS: readonly Filter[] = [
  { name: 'modelPrefix', choices: ofJobs((job) => [job['model-prefix']]) },
  { name: 'precision', choices: ofJobs((job) => [job.precision]) },
  { name: 'framework', choices: ofJobs((job) => [job.framework]) },
  { name: 'runnerType', choices: ofJobs((job) => [job.runner]) },
  { name: 'singleNode' },
  { name: 'multiNode' },
  {
    name: 'runnerNodeFilter',
    choices: (left, runners) => left.flatMap(({ keyed }) => nodesOf(keyed.entry.runner, runners)),
  },
  { name: 'scenarioTypes', flag: '--scenario-type', choices: ofJobs((job) => [kindOf(job)]) },
  { name: 'seqLens', choices: ofJobs(lengthsOf) },
  { name: 'maxTp', choices: ofJobs((job) => (isMultiNode(job) ? [] : [job.tp])) },
  { name: 'maxEp' },
  { name: 'minConc', choices: ofJobs(concurrenciesOf) },
  { name: 'maxConc', choices: ofJobs(concurrenciesOf) },
];

/** An entry with its remaining jobs. */
interface Left {
  readonly keyed: KeyedEntry;
  readonly jobs: readonly Job[];
}

/**
 * Why a selection is empty: the filter that removed the last jobs, and its possible values.
 * @param spelled options as they were written, by their names in the code
 */
export function whyNothing(
  entries: readonly KeyedEntry[],
  runners: RunnerConfig,
  options: FullSweepOptions,
  spelled: Readonly<Record<string, unknown>>,
): string {
  if (entries.length === 0) return 'the configs have no entry';
  let given: FullSweepOptions = { stepSize: options.stepSize, singleNode: true, multiNode: true };
  let before = leftOf(entries, runners, given);
  if (before.length === 0) return 'the configs have no job, without any filter';
  for (const filter of FILTERS) {
    if (options[filter.name] === undefined) continue;
    given = { ...given, [filter.name]: options[filter.name] };
    const left = leftOf(entries, runners, given);
    if (left.length === 0) return blame(filter, before, runners, spelled);
    before = left;
  }
  return "the filters don't say why";
}

function leftOf(
  entries: readonly KeyedEntry[],
  runners: RunnerConfig,
  options: FullSweepOptions,
): readonly Left[] {
  return entries
    .map((keyed) => ({ keyed, jobs: fullSweep([keyed], runners, options) }))
    .filter(({ jobs }) => jobs.length > 0);
}

/** Most names that are listed. */
const MOST = 12;

function blame(
  { name, flag = flagOf(name), choices }: Filter,
  before: readonly Left[],
  runners: RunnerConfig,
  spelled: Readonly<Record<string, unknown>>,
): string {
  const jobs = before.flatMap((left) => left.jobs);
  const among = jobs.length === 1 ? 'the one job' : `the ${jobs.length} jobs`;
  // A flag for one kind removes the other.
  if (name === 'singleNode') return `--multi-node leaves none of ${among}: all are single-node`;
  if (name === 'multiNode') return `--single-node leaves none of ${among}: all are multi-node`;
  const wanted = [spelled[name] ?? []].flat().map(String);
  const there = [...new Set(choices?.(before, runners) ?? [])].sort(byNumber);
  const near = wanted.map((value) => nearestField(value, there)).find((found) => found !== undefined);
  const choice = there.length === 0 ? '' : `; there ${there.length === 1 ? 'is' : 'are'}: ${list(there)}`;
  return `${[flag, ...wanted].join(' ')} leaves none of ${among}${near === undefined ? choice : suggestion(near)}`;
}

function list(names: readonly string[]): string {
  const shown = names.slice(0, MOST).join(', ');
  return names.length <= MOST ? shown : `${shown} and ${names.length - MOST} more`;
}

function byNumber(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true });
}

function ofJobs(valueOf: (job: Job) => readonly (string | number)[]): Filter['choices'] {
  return (left) => left.flatMap(({ jobs }) => jobs.flatMap((job) => valueOf(job).map(String)));
}

function kindOf(job: Job): string {
  return isAgentic(job) ? 'agentic-coding' : 'fixed-seq-len';
}

function lengthsOf(job: Job): readonly string[] {
  return isAgentic(job) ? [] : [`${job.isl}/${job.osl}`];
}
