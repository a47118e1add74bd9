import { isInfrastructure, type SweeplineError } from './errors.js';
import { newToken } from './launch/marker.js';
import { collectLog } from './launch/server-logs.js';
import { createSession, servePlanOf, type Session, type SessionFacts } from './launch/session.js';
import type { LoadProgress } from './load/records/progress.js';
import type { Logger } from './logger.js';
import { checkDataSet } from './measure/check-loads.js';
import { nodesForClient, placeClient, type ClientSetup, type PlacedClient } from './measure/client-place.js';
import {
  errorOf,
  measurePoint,
  type Loaded,
  type MeasureDeps,
  type Serving,
} from './measure/measure-point.js';
import { resetServer } from './measure/reset.js';
import { assertLoadable } from './measure/spec-for.js';
import { launcherRefusal } from './plan/launcher-refusal.js';
import type { PlannedPoint } from './plan/plan.js';
import type { MetricPlugin } from './plugin/metric.js';
import type { NodeFacts } from './plugin/node.js';
import { resultOf } from './results/result.js';
import type { Result, Retry } from './results/schema.js';
import type { RunStore } from './results/store.js';
import { createMask, secretsIn, type Mask } from './secrets.js';

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
interface Queue {
  readonly left: PlannedPoint[];
  /** By point: why it was begun again. Each is tried once more at most. */
  readonly retries: Map<string, Retry>;
  readonly startedAt: Map<string, string>;
}

/**
 * Measures points with equal plans against one server and saves whatever came of each. A server that never gets ready fails all of
 * them; one that dies under a point fails that point, and the rest get a fresh one. What the infrastructure is to blame for (nodes that
 * were taken away, a port that another program has) is tried once more; a bad measurement never.
 */
export async function* sweepSession(
  points: readonly PlannedPoint[],
  deps: PointDeps,
  signal: AbortSignal,
): AsyncIterable<Result> {
  const queue: Queue = { left: [...points], retries: new Map(), startedAt: new Map() };
  while (queue.left.length > 0 && !signal.aborted) yield* serveOnce(queue, deps, signal);
}

/** One server, for as many of the points as it lives. */
async function* serveOnce(queue: Queue, deps: PointDeps, signal: AbortSignal): AsyncIterable<Result> {
  const [first] = queue.left;
  if (first === undefined) return;
  await startPoint(first, queue, deps);
  const mask = maskFor(first, deps.env);
  const refusal = await refusalOf(first, deps, signal);
  if (refusal !== undefined) {
    const saver = createSaver(() => ({ planned: first, findings: [], logs: [] }), mask, queue, deps);
    yield* failAll(refusal, queue, saver, deps, signal);
    return;
  }
  const points = queue.left.map(({ name }) => name);
  const { label: runner, launcherName: launcher } = first.runner;
  const startedAt = deps.now().toISOString();
  const token = newToken();
  await using files = await deps.store.openSession({ token, points, runner, launcher, startedAt });
  let client: PlacedClient | undefined;
  await using session = createSession(first, {
    ...{ token, name: `${deps.runId}/${first.name}`, localDir: files.folder, mask },
    onHandle: (handle) => files.saveHandle(handle),
    replan: deps.replan,
    otherNodes: nodesForClient(deps.client.place),
    prepare: async (serving, lease, own) => {
      client = await placeClient(deps.client, serving, lease, own);
    },
    onPhase: (phase) => deps.onEvent({ type: 'phase', name: first.name, phase }),
  });
  const saver = createSaver(() => session.facts, mask, queue, deps);
  const begun = await session.begin(signal).catch((thrown: unknown) => errorOf(thrown, first, signal));
  if ('server' in begun) {
    yield* loadEach({ begun, client: client! }, session, queue, saver, deps, signal);
    return;
  }
  await session.stopServer();
  if (!retries(begun, first, queue, deps)) yield* failAll(begun, queue, saver, deps, signal);
}

/** Loads a server with the points, one after another; those that it can't be loaded with any more are left. */
async function* loadEach(
  { begun, client }: Omit<Serving, 'logs'>,
  session: Session,
  queue: Queue,
  saver: Saver,
  deps: PointDeps,
  signal: AbortSignal,
): AsyncIterable<Result> {
  for (let isFresh = true; queue.left.length > 0 && !signal.aborted; isFresh = false) {
    const planned = queue.left[0]!;
    if (!isFresh) {
      const unready = await resetServer(begun, signal).catch((thrown: unknown) =>
        errorOf(thrown, planned, signal),
      );
      if (unready !== undefined) {
        deps.onEvent({
          type: 'warning',
          name: planned.name,
          message: `it gets a fresh server: ${unready.message}`,
        });
        return;
      }
      await startPoint(planned, queue, deps);
    }
    const loaded = await load(planned, { begun, client, logs: session.facts.logs }, deps, signal);
    const error = 'error' in loaded.outcome ? loaded.outcome.error : undefined;
    const isLast = queue.left.length === 1 || isEndOf(error);
    if (isLast) await stopServer(planned, session, deps);
    if (error !== undefined && retries(error, planned, queue, deps)) return;
    queue.left.shift();
    yield await saver.save(planned, loaded);
    if (isLast) return;
  }
}

/** Why a point can't be measured, whatever nodes there are: better said before any is asked for. */
async function refusalOf(
  planned: PlannedPoint,
  { load: settings }: PointDeps,
  signal: AbortSignal,
): Promise<SweeplineError | undefined> {
  try {
    assertLoadable(planned.point.job);
    await checkDataSet(planned.point.job, settings);
    servePlanOf(planned);
    return launcherRefusal(planned);
  } catch (thrown) {
    return errorOf(thrown, planned, signal);
  }
}

/** Whether the server is not to be measured on. */
function isEndOf(error: SweeplineError | undefined): boolean {
  return error !== undefined && ['SERVER_DIED', 'SERVER_PORT_IN_USE', 'LEASE_LOST'].includes(error.code);
}

async function startPoint(planned: PlannedPoint, { startedAt }: Queue, deps: PointDeps): Promise<void> {
  await deps.store.openPoint(planned.name);
  if (startedAt.has(planned.name)) return;
  startedAt.set(planned.name, deps.now().toISOString());
  deps.onEvent({ type: 'point-started', planned });
}

/** Whether a point is to be begun again, by a fresh session. */
function retries(
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

/** The server never got ready: that is what came of all its points. One that was stopped has begun with the first alone. */
async function* failAll(
  error: SweeplineError,
  queue: Queue,
  saver: Saver,
  deps: PointDeps,
  signal: AbortSignal,
): AsyncIterable<Result> {
  for (const planned of queue.left.splice(0)) {
    await startPoint(planned, queue, deps);
    yield await saver.save(planned, { outcome: { error }, stallLogs: [], answers: [] });
    if (signal.aborted) return;
  }
}

async function load(
  planned: PlannedPoint,
  serving: Serving,
  deps: PointDeps,
  signal: AbortSignal,
): Promise<Loaded> {
  const { name } = planned;
  deps.onEvent({ type: 'phase', name, phase: 'load' });
  const reports = {
    onProgress: (progress: LoadProgress) => deps.onEvent({ type: 'load', name, progress }),
    onWarning: (message: string) => deps.onEvent({ type: 'warning', name, message }),
  };
  const folder = deps.store.folderOf(name);
  const { load: settings } = deps;
  return measurePoint(planned, serving, folder, { ...reports, ...(settings && { load: settings }) }, signal);
}

async function stopServer({ name }: PlannedPoint, session: Session, { onEvent }: PointDeps): Promise<void> {
  onEvent({ type: 'phase', name, phase: 'stop' });
  await session.stopServer();
}

interface Saver {
  save(planned: PlannedPoint, loaded: Loaded): Promise<Result>;
}

/** Saves points with what their session knows. Of several that fail with it, the first has the logs. */
function createSaver(
  factsNow: () => SessionFacts,
  mask: Mask,
  { retries: tried, startedAt: started }: Queue,
  deps: PointDeps,
): Saver {
  const { store, now, version, metrics, onEvent, onError } = deps;
  let saved = 0;
  return {
    async save(planned, loaded) {
      const { name } = planned;
      if ('error' in loaded.outcome) onError?.(loaded.outcome.error);
      const isFirst = (saved += 1) === 1;
      const { logs: written, ...facts } = factsNow();
      const toCollect = isFirst || loaded.client !== undefined ? written : [];
      const logs = mask.data(
        await Promise.all(toCollect.map((log) => collectLog(log, store.folderOf(name)))),
      );
      const own = isFirst ? facts.planned : replanned(planned, facts, deps);
      const retry = tried.get(name);
      const startedAt = started.get(name) ?? now().toISOString();
      const made = resultOf(
        planned,
        // Before anything is cut out of them: a part of a secret is not found any more.
        { ...facts, ...loaded, logs, stallLogs: mask.data(loaded.stallLogs), planned: own },
        {
          ...{ version, startedAt, finishedAt: now().toISOString(), metrics },
          retries: retry === undefined ? [] : [retry],
        },
      );
      onEvent({ type: 'phase', name, phase: 'save' });
      // Its name is the folder's.
      const result = { ...mask.data(made.result), name };
      await store.savePoint(result, {
        json: mask.data({ 'plan.json': made.plan, ...(made.raw !== undefined && { 'raw.json': made.raw }) }),
        serverLogs: logs.flatMap(({ file, text }) => (text === undefined ? [] : [file])),
        mask,
      });
      return result;
    },
  };
}

/** A later point of a session, with the facts of the node that it shares. */
function replanned(
  planned: PlannedPoint,
  { node }: Pick<SessionFacts, 'node'>,
  { replan }: PointDeps,
): PlannedPoint {
  return node === undefined ? planned : replan(planned, node.facts);
}

/** For the secrets of this process's environment and of what the plan sets. */
function maskFor(planned: PlannedPoint, env: PointDeps['env']): Mask {
  const roles = planned.state === 'planned' && planned.plan.kind === 'serve' ? planned.plan.roles : [];
  return createMask([env, ...roles.map((role) => role.env)].flatMap(secretsIn));
}
