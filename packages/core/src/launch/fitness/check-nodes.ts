import { SweeplineError, messageOf } from '../../errors.js';
import type { PlannedPoint } from '../../plan/plan.js';
import type { ServePlan } from '../../plugin/launch-plan.js';
import type { Executor, NodeFacts } from '../../plugin/node.js';
import { checkDisk } from './disk.js';
import { cacheOf, checkModelCache } from './model-cache.js';

/**
 * Looks at all nodes that will serve before anything is started on them, which may be hours before it would show: idle devices, room
 * on the disks, and the model's files. By node: what a result has to say about it.
 * @throws {SweeplineError} NODE_BUSY, NODE_UNFIT or MODEL_INCOMPLETE, with the node.
 */
export async function checkNodes(
  planned: PlannedPoint,
  plan: ServePlan,
  executors: readonly Executor[],
  signal: AbortSignal,
): Promise<ReadonlyMap<Executor, NodeFacts>> {
  const { plugin } = planned.runner.hardware;
  const cache = cacheOf(planned, plan);
  const check = async (executor: Executor): Promise<NodeFacts> => {
    const { name: node } = executor.node;
    try {
      const facts = (await plugin.preflight?.(executor, signal)) ?? {};
      const model = cache === undefined ? undefined : await checkModelCache(executor, cache, signal);
      const downloadsTo = model?.state === 'absent' && cache?.downloads ? cache.folder : undefined;
      await checkDisk(executor, downloadsTo, signal);
      return { ...facts, ...(model?.state === 'complete' && { 'model-revision': model.revision }) };
    } catch (thrown) {
      throw thrown instanceof SweeplineError ? thrown.at({ node }) : thrown;
    }
  };
  return new Map(await Promise.all(executors.map(async (one) => [one, await check(one)] as const)));
}

/**
 * Looks at the nodes once more when the server has ended: what then still computes on its devices came while it was measured. Says
 * what was found; a node that can't be asked any more says nothing.
 */
export async function whoCameMeanwhile(
  { runner }: PlannedPoint,
  executors: readonly Executor[],
  signal: AbortSignal,
): Promise<readonly string[]> {
  const { plugin } = runner.hardware;
  const look = async (executor: Executor): Promise<string[]> => {
    try {
      await plugin.preflight?.(executor, signal);
    } catch (thrown) {
      if (thrown instanceof SweeplineError && thrown.code === 'NODE_BUSY') return [messageOf(thrown)];
    }
    return [];
  };
  return (await Promise.all(executors.map(look))).flat();
}
