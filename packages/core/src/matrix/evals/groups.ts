import type { Job, SingleNodeAgenticJob, SingleNodeJob } from '../job.js';

/** Groups items by a text, in the order in which groups appear. */
export function groupBy<T>(items: readonly T[], groupOf: (item: T) => string): readonly (readonly T[])[] {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groupOf(item);
    const members = groups.get(group);
    if (members === undefined) groups.set(group, [item]);
    else members.push(item);
  }
  return [...groups.values()];
}

/** The fields that define a group when accuracy runs are chosen among jobs on one node. */
export function singleNodeGroup(job: SingleNodeJob): string {
  return JSON.stringify([engineOf(job), job.isl, job.osl, job['spec-decoding'], job['dp-attn']]);
}

export function engineOf(job: Job | SingleNodeAgenticJob): readonly string[] {
  return [job.model, job.runner, job.framework, job.precision];
}
