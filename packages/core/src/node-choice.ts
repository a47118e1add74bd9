import type { PlannedPoint } from './plan/plan.js';
import { nameOfPoint } from './plan/repeats.js';
import type { Result } from './results/schema.js';
import { createNodeRecord, type NodeRecord } from './schedule/node-record.js';
import type { SessionTask } from './schedule/tasks.js';
import type { NodeChoice } from './session-queue.js';

/** How long a session waits for nodes that it would rather have, while others may be free. */
const PATIENCE_MS = 300_000;

/** Nodes as a task's sessions choose them, one after another. */
export interface TaskNodes extends NodeChoice {
  /** It holds none any more. */
  end(): void;
}

/** Results whose nodes are known before a sweep begins. */
export interface MeasuredBefore {
  /** Of the run, from before it was resumed. */
  readonly earlier: readonly Result[];
  /** Of runs whose points are to be measured on other nodes. */
  readonly otherRuns: readonly Result[];
}

/** Nodes that a task's session holds; undefined while it waits for them. */
type Held = readonly string[] | undefined;

/** A queue's nodes. */
interface QueueNodes {
  readonly record: NodeRecord;
  readonly held: Map<SessionTask, Held>;
  /** Whether no wish was in vain. */
  canWish: boolean;
}

/**
 * What is known of the nodes of each queue, as a session of it sees it. A session wishes for other nodes than those that have measured its
 * points before, where enough of them are not in use by this sweep: of nodes that are down, or in use by others, nothing is known. So a
 * wish costs a limited time, and once one was in vain, no session of the queue has any.
 * @param onLeftOut called when a node has failed so often that no further session is given it
 */
export function nodeChoices(
  before: MeasuredBefore,
  onLeftOut: (node: string, reason: string) => void,
): (task: SessionTask) => TaskNodes {
  const queues = new Map<string, QueueNodes>();
  const used = usedNodes(before);
  return (task) => {
    const { queue, nodes: needed, isPinned, points } = task;
    const own = queues.get(queue.name) ?? newQueue(queue.nodes);
    queues.set(queue.name, own);
    const { record, held } = own;
    let isWish = false;
    /** Others than those that it holds, and than those that sessions wait for. */
    const isEnough = (unwanted: readonly string[]): boolean => {
      const others = [...held].filter(([other]) => other !== task);
      const waitedFor = others.reduce(
        (sum, [other, names]) => sum + (names === undefined ? other.nodes : 0),
        0,
      );
      const taken = new Set([...unwanted, ...others.flatMap(([, names = []]) => names)]);
      return queue.nodes - taken.size - waitedFor >= needed;
    };
    return {
      ask(tried) {
        held.set(task, undefined);
        const avoid = isPinned ? [] : record.avoid(tried, needed);
        const unwanted = used.by(points).filter((node) => !avoid.includes(node));
        isWish = !isPinned && own.canWish && unwanted.length > 0 && isEnough([...avoid, ...unwanted]);
        return isWish ? { avoid: [...avoid, ...unwanted], patienceMs: PATIENCE_MS } : { avoid };
      },
      endWish() {
        if (isWish) own.canWish = false;
        return isWish;
      },
      has(names) {
        held.set(task, names);
        isWish = false;
      },
      end: () => void held.delete(task),
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

function newQueue(nodes: number): QueueNodes {
  return { record: createNodeRecord(nodes), held: new Map(), canWish: true };
}

/** Nodes on which points have been measured: in other runs, and by this one of those that it measures several times. */
function usedNodes({ earlier, otherRuns }: MeasuredBefore) {
  const nodes = new Map<string, Set<string>>();
  const add = (node: string, point: string): void => {
    nodes.set(point, (nodes.get(point) ?? new Set()).add(node));
  };
  for (const { point, provenance } of earlier)
    if (point !== undefined && provenance.hardware !== undefined) add(provenance.hardware.node, point);
  for (const { name, point = name, provenance } of otherRuns)
    if (provenance.hardware !== undefined) add(provenance.hardware.node, point);
  return {
    add(node: string, points: readonly PlannedPoint[]): void {
      for (const planned of points) if (planned.repeat !== undefined) add(node, nameOfPoint(planned));
    },
    by: (points: readonly PlannedPoint[]): readonly string[] => [
      ...new Set(points.flatMap((planned) => [...(nodes.get(nameOfPoint(planned)) ?? [])])),
    ],
  };
}
