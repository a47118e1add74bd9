import { isInfrastructure, layerOf, type SweeplineError } from './errors.js';
import type { LoadProgress } from './load/records/progress.js';
import type { Logger } from './logger.js';
import type { ClientSetup } from './measure/client-place.js';
import type { MeasureDeps } from './measure/measure-point.js';
import type { PlannedPoint } from './plan/plan.js';
import type { MetricPlugin } from './plugin/metric.js';
import type { NodeFacts } from './plugin/node.js';
import type { Retry } from './results/schema.js';
import type { SessionFiles } from './results/session-files.js';
import type { RunStore } from './results/store.js';

/** The phase that a point is in. */
export type Phase = 'acquire' | 'start' | 'load' | 'eval' | 'stop' | 'save';

/** Progress of a point while it is measured. */
export type PointEvent =
  | { readonly type: 'point-started'; readonly planned: PlannedPoint }
  | { readonly type: 'phase'; readonly name: string; readonly phase: Phase }
  | { readonly type: 'load'; readonly name: string; readonly progress: LoadProgress }
  | { readonly type: 'warning'; readonly name: string; readonly message: string };

export interface PointDeps extends Pick<MeasureDeps, 'load'> {
  /** Where and how clients run. */
  readonly client: ClientSetup;
  readonly runId: string;
  /** Sweepline's version. */
  readonly version: string;
  readonly metrics: readonly MetricPlugin[];
  readonly store: RunStore;
  /** Plans the point again with the facts of the node that is now held. */
  readonly replan: (planned: PlannedPoint, facts: NodeFacts) => PlannedPoint;
  /** Environment of this process: nothing that is published may contain its secrets. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly logger: Logger;
  /** What is known of the nodes that sessions may be given. Default: there are no others. */
  readonly nodes?: NodeChoice;
  readonly onEvent: (event: PointEvent) => void;
  /** The error of a point, before it is shortened for the result. */
  readonly onError?: (error: SweeplineError) => void;
  readonly now: () => Date;
}

/** What a session asks for. */
export interface NodeWish {
  /** Names of nodes that it is not to be given. */
  readonly avoid: readonly string[];
  /** Milliseconds after which it is to ask again, where it could do with some of them. */
  readonly patienceMs?: number;
}

/** Which nodes a session may be given, after what has happened on them. */
export interface NodeChoice {
  /** It is about to ask for nodes. @param tried those on which it has failed before */
  ask(tried: readonly string[]): NodeWish;
  /** It could not have the nodes that it has asked for. @returns whether any will do from now on */
  endWish(): boolean;
  /** It holds these. */
  has(nodes: readonly string[]): void;
  /** Whether there are others. */
  hasOthers(tried: readonly string[]): boolean;
  /** A session has failed because of it. */
  failed(node: string, error: SweeplineError): void;
  worked(node: string): void;
}

/** Points of one session that are still to be measured, and those that were retried. */
export interface Queue {
  readonly left: PlannedPoint[];
  /** Why a point was retried, by point. Each is retried at most once. */
  readonly retries: Map<string, Retry>;
  readonly startedAt: Map<string, string>;
  /** Names of nodes on which it has failed. */
  readonly tried: Set<string>;
}

/** What a session leaves is reported, and the session stays open. */
export function reporterOfLeft(
  token: string,
  files: SessionFiles,
  { logger }: Pick<PointDeps, 'logger'>,
): (what: string) => void {
  return (what) => {
    files.keepOpen();
    logger.warn(
      `${what}\n  → The next sweep with this results folder ends what is left of session ${token}.`,
    );
  };
}

/** Makes an empty folder for a point, and reports its start, once. */
export async function startPoint(
  planned: PlannedPoint,
  { startedAt }: Queue,
  deps: PointDeps,
): Promise<void> {
  await deps.store.openPoint(planned.name);
  if (startedAt.has(planned.name)) return;
  startedAt.set(planned.name, deps.now().toISOString());
  deps.onEvent({ type: 'point-started', planned });
}

/** Whether to retry a point, with a fresh session. What a node is to blame for is tried on another one, if there is one. */
export function retries(
  error: SweeplineError,
  { name }: PlannedPoint,
  queue: Queue,
  { onEvent, nodes }: PointDeps,
): boolean {
  const { node } = error.where;
  if (node !== undefined && isOfNode(error)) {
    queue.tried.add(node);
    nodes?.failed(node, error);
  }
  const isElsewhere = node !== undefined && isOfNode(error) && nodes?.hasOthers([...queue.tried]) === true;
  if (error.code === 'ALLOCATION_FAILED' && nodes?.endWish() === true) {
    onEvent({ type: 'warning', name, message: `any node will do from now on: ${error.message}` });
    return true;
  }
  if (queue.retries.has(name) || !(isInfrastructure(error) || isElsewhere)) return false;
  queue.retries.set(name, { code: error.code, message: error.message });
  onEvent({ type: 'warning', name, message: `retried after: ${error.message}` });
  return true;
}

/** Whether one node may be to blame, where others would do better. */
function isOfNode(error: SweeplineError): boolean {
  return error.again !== false && (layerOf(error) === 'node' || isInfrastructure(error));
}
