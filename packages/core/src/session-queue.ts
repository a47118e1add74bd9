import { isInfrastructure, type SweeplineError } from './errors.js';
import type { LoadProgress } from './load/records/progress.js';
import type { Logger } from './logger.js';
import type { ClientSetup } from './measure/client-place.js';
import type { MeasureDeps } from './measure/measure-point.js';
import type { PlannedPoint } from './plan/plan.js';
import type { MetricPlugin } from './plugin/metric.js';
import type { NodeFacts } from './plugin/node.js';
import type { Retry } from './results/schema.js';
import type { RunStore } from './results/store.js';

/** What a point is doing. */
export type Phase = 'acquire' | 'start' | 'load' | 'stop' | 'save';

/** What is reported of a point while it is measured. */
export type PointEvent =
  | { readonly type: 'point-started'; readonly planned: PlannedPoint }
  | { readonly type: 'phase'; readonly name: string; readonly phase: Phase }
  | { readonly type: 'load'; readonly name: string; readonly progress: LoadProgress }
  | { readonly type: 'warning'; readonly name: string; readonly message: string };

export interface PointDeps extends Pick<MeasureDeps, 'load'> {
  /** Where clients run, and how. */
  readonly client: ClientSetup;
  readonly runId: string;
  /** Sweepline's. */
  readonly version: string;
  readonly metrics: readonly MetricPlugin[];
  readonly store: RunStore;
  /** The point planned again with what is known of the node that is held. */
  readonly replan: (planned: PlannedPoint, facts: NodeFacts) => PlannedPoint;
  /** Environment of this process: its secrets are in nothing that is published. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly logger: Logger;
  readonly onEvent: (event: PointEvent) => void;
  /** What a point failed of, before it is cut down to what a result says of it. */
  readonly onError?: (error: SweeplineError) => void;
  readonly now: () => Date;
}

/** Points of one session that are still to be measured, and what was tried for them. */
export interface Queue {
  readonly left: PlannedPoint[];
  /** By point: why it was begun again. Each is tried once more at most. */
  readonly retries: Map<string, Retry>;
  readonly startedAt: Map<string, string>;
}

/** Makes a point's folder anew, and says that it has begun, once. */
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

/** Whether a point is to be begun again, by a fresh session. */
export function retries(
  error: SweeplineError,
  { name }: PlannedPoint,
  queue: Queue,
  { onEvent }: PointDeps,
): boolean {
  if (!isInfrastructure(error) || queue.retries.has(name)) return false;
  queue.retries.set(name, { code: error.code, message: error.message });
  onEvent({ type: 'warning', name, message: `tried once more, after: ${error.message}` });
  return true;
}
