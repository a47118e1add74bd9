import { isSingleNode, type Job, type SingleNodeJob } from '../job.js';
import { isSeqLen } from '../seq-lens.js';
import { groupBy, singleNodeGroup } from './groups.js';

/** Accuracy is only evaluated on 1k8k. */
const SEQ_LEN = [1024, 8192] as const;

/**
 * Marks the jobs that also run an accuracy evaluation: single-node 1k8k. In each group these are the jobs with the highest and
 * with the lowest tp, at their highest concurrency; ties are all marked.
 */
export function markEvals(jobs: readonly Job[]): readonly Job[] {
  const candidates = jobs
    .filter(isSingleNode)
    // The load of a server doesn't affect its answers.
    .filter((job) => isSeqLen(SEQ_LEN, job.isl, job.osl) && job.load === undefined);
  const marked = new Set<Job>(groupBy(candidates, singleNodeGroup).flatMap(chosen));
  return jobs.map((job) => ({ ...job, 'run-eval': marked.has(job) }));
}

function chosen(group: readonly SingleNodeJob[]): readonly SingleNodeJob[] {
  const tps = group.map((job) => job.tp);
  return [...new Set([Math.max(...tps), Math.min(...tps)])].flatMap((tp) => {
    const ofTp = group.filter((job) => job.tp === tp);
    const highest = Math.max(...ofTp.map((job) => job.conc));
    return ofTp.filter((job) => job.conc === highest);
  });
}
