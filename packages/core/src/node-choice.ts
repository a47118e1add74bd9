import type { PlannedPoint } from './plan/plan.js';
import { nameOfPoint } from './plan/repeats.js';
import type { Result } from './results/schema.js';
import { createNodeRecord, type NodeRecord } from './schedule/node-record.js';
import type { SessionTask } from './schedule/tasks.js';
import type { NodeChoice } from './session-queue.js';

/** Called when a node has failed so often that no further session is given it. */
type OnLeftOut = (node: string, reason: string) => void;

/**
 * What is known of the nodes of each queue, as a session of it sees it. The first time that a session asks for nodes, it asks for others
 * than those that have measured its points before.
 * @param earlier results of the run from before it was resumed
 */
export function nodeChoices(
  earlier: readonly Result[],
  onLeftOut: OnLeftOut,
): (task: SessionTask) => NodeChoice {
  const records = new Map<string, NodeRecord>();
  const used = usedNodes(earlier);
  return ({ queue, nodes: needed, isPinned, points }) => {
    const record = records.get(queue.name) ?? createNodeRecord(queue.nodes);
    records.set(queue.name, record);
    let hasAsked = false;
    let hasWish = false;
    return {
      avoid(tried) {
        if (isPinned) return [];
        const demanded = record.avoid(tried, needed);
        const all = hasAsked ? demanded : record.avoid(tried, needed, used.by(points));
        hasAsked = true;
        hasWish = all.length > demanded.length;
        return all;
      },
      wished: () => hasWish,
      hasOthers: (tried) => !isPinned && record.hasOthers(tried, needed),
      worked(node) {
        record.worked(node);
        used.add(node, points);
      },
      failed(node, { code, message }) {
        if (record.failed(node)) onLeftOut(node, `${code}: ${message}`);
      },
    };
  };
}

/** Nodes on which points have been measured, of those that are measured several times. */
function usedNodes(earlier: readonly Result[]) {
  const nodes = new Map<string, Set<string>>();
  const add = (node: string, point: string): void => {
    nodes.set(point, (nodes.get(point) ?? new Set()).add(node));
  };
  for (const { point, provenance } of earlier)
    if (point !== undefined && provenance.hardware !== undefined) add(provenance.hardware.node, point);
  return {
    add(node: string, points: readonly PlannedPoint[]): void {
      for (const planned of points) if (planned.repeat !== undefined) add(node, nameOfPoint(planned));
    },
    by: (points: readonly PlannedPoint[]): readonly string[] => [
      ...new Set(points.flatMap((planned) => [...(nodes.get(nameOfPoint(planned)) ?? [])])),
    ],
  };
}
