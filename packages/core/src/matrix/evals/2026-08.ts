import {
  concurrenciesOf,
  isAgentic,
  isFixedSeqLen,
  isMultiNode,
  isSingleNode,
  type Job,
  type MultiNodeAgenticJob,
  type MultiNodeJob,
  type SingleNodeJob,
} from '../job.js';
import { canonicalJson } from '../canonical.js';
import { isSeqLen } from '../seq-lens.js';
import { engineOf, groupBy, singleNodeGroup } from './groups.js';

/** Accuracy with fixed lengths is only evaluated on 8k1k, at concurrencies from this value on. */
const SEQ_LEN = [8192, 1024] as const;
const LEAST_CONC = 16;

type AnyMultiNodeJob = MultiNodeJob | MultiNodeAgenticJob;

/**
 * Marks the jobs that also run an accuracy evaluation. On one node: in each group all at the highest and all at the upper-median
 * concurrency. On several nodes: each topology once, at its highest concurrency. Agentic jobs, if included: each engine once on
 * one node, each topology once on several nodes, at the highest concurrency.
 */
export function markEvals(jobs: readonly Job[], includeAgentic: boolean): readonly Job[] {
  const onOne = jobs.filter((job) => !isMultiNode(job));
  const onMany = jobs.filter(isMultiNode);
  const single = groupBy(onOne.filter(isSingleNode).filter(isEligible), singleNodeGroup).flatMap(
    highestAndMedian,
  );
  const multi = onMany.filter((job) => isFixedSeqLen(job) && isEligible(job));
  const agentic = includeAgentic ? onOne.filter(isAgentic) : [];
  const agenticMulti = includeAgentic ? onMany.filter((job) => isAgentic(job) && hasEligibleConc(job)) : [];
  const topologies = new Set<Job>(groupBy([...multi, ...agenticMulti], topologyOf).map(highest));
  const engines = groupBy(agentic, (job) => JSON.stringify(engineOf(job))).map(highest);
  const marked = new Set<Job>([...single, ...engines, ...topologies]);
  return jobs.map((job) => {
    const evalConc = topologies.has(job) ? { 'eval-conc': Math.max(...concurrenciesOf(job)) } : {};
    return { ...job, 'run-eval': marked.has(job), ...evalConc };
  });
}

/**
 * Marks every job that can run an accuracy evaluation: all of 8k1k, and all agentic ones. Jobs of one multi-node topology become
 * a single job, which runs all its concurrencies (fixed lengths) or its highest (agentic).
 */
export function markAllEvals(jobs: readonly Job[]): readonly Job[] {
  const merged = new Map<string, AnyMultiNodeJob[]>();
  const kept = jobs.flatMap<Job | string>((job) => {
    if (isFixedSeqLen(job) && !isEvalLength(job)) return [job];
    if (!isMultiNode(job)) return [{ ...job, 'run-eval': true }];
    const key = topologyOf(job);
    const others = merged.get(key);
    if (others === undefined) merged.set(key, [job]);
    else others.push(job);
    return others === undefined ? [key] : [];
  });
  return kept.map((job) => (typeof job === 'string' ? merge(merged.get(job) ?? []) : job));
}

function merge(jobs: readonly AnyMultiNodeJob[]): Job {
  const [first] = jobs;
  if (first === undefined) throw new RangeError('a topology without jobs');
  const all = [...new Set(jobs.flatMap(concurrenciesOf))].sort((a, b) => a - b);
  const row = { ...first, conc: all, 'run-eval': true };
  return isAgentic(first) ? { ...row, 'eval-conc': Math.max(...all) } : { ...row, 'eval-all-concs': true };
}

function isEvalLength(job: SingleNodeJob | MultiNodeJob): boolean {
  // The load of a server doesn't affect its answers.
  return isSeqLen(SEQ_LEN, job.isl, job.osl) && job.load === undefined;
}

function isEligible(job: SingleNodeJob | MultiNodeJob): boolean {
  return isEvalLength(job) && hasEligibleConc(job);
}

function hasEligibleConc(job: Job): boolean {
  return concurrenciesOf(job).some((conc) => conc >= LEAST_CONC);
}

function highestAndMedian(group: readonly SingleNodeJob[]): readonly SingleNodeJob[] {
  const values = [...new Set(group.map((job) => job.conc))].sort((a, b) => a - b);
  const wanted = [values.at(-1), values[Math.floor(values.length / 2)]];
  return group.filter((job) => wanted.includes(job.conc));
}

/** The first of the jobs with the highest concurrency. */
function highest(group: readonly Job[]): Job {
  const top = (job: Job): number => Math.max(...concurrenciesOf(job));
  return group.reduce((best, job) => (top(job) > top(best) ? job : best));
}

/** Fields that depend on the concurrency; all others make up the topology. */
const NOT_TOPOLOGY: ReadonlySet<string> = new Set([
  'conc',
  'run-eval',
  'eval-only',
  'eval-conc',
  'eval-all-concs',
  'exp-name',
]);

function topologyOf(job: Job): string {
  return canonicalJson(Object.fromEntries(Object.entries(job).filter(([key]) => !NOT_TOPOLOGY.has(key))));
}
