import { SweeplineError } from './errors.js';
import { newToken } from './launch/marker.js';
import { createSession, servePlanOf, type Session } from './launch/session.js';
import type { LoadProgress } from './load/records/progress.js';
import { checkDataSet } from './measure/check-loads.js';
import { nodesForClient, placeClient, type PlacedClient } from './measure/client-place.js';
import { errorOf, measurePoint, type Loaded, type Serving } from './measure/measure-point.js';
import { resetServer } from './measure/reset.js';
import { askOnly, runEvals } from './measure/run-evals.js';
import { assertLoadable } from './measure/spec-for.js';
import { launcherRefusal } from './plan/launcher-refusal.js';
import type { PlannedPoint } from './plan/plan.js';
import { createSaver, type Saver } from './point-saver.js';
import type { Result } from './results/schema.js';
import { createMask, secretsIn, type Mask } from './secrets.js';
import { reporterOfLeft, retries, startPoint, type PointDeps, type Queue } from './session-queue.js';
import { delegateOf, sweepDelegate } from './sweep-delegate.js';

/**
 * Measures points with equal plans on one server and saves the result of each. A server that never becomes ready fails all of them; one
 * that dies during a point fails that point, and the rest get a fresh server. Errors of the infrastructure (nodes that were taken away, a
 * port that another program uses) are retried once; a bad measurement never is.
 */
export async function* sweepSession(
  points: readonly PlannedPoint[],
  deps: PointDeps,
  signal: AbortSignal,
): AsyncIterable<Result> {
  const queue: Queue = { left: [...points], retries: new Map(), startedAt: new Map(), tried: new Set() };
  while (queue.left.length > 0 && !signal.aborted) yield* serveOnce(queue, deps, signal);
  yield* stoppedBetweenTries(queue, deps);
}

/** Points that were to be tried again when the sweep was stopped. */
async function* stoppedBetweenTries(queue: Queue, deps: PointDeps): AsyncIterable<Result> {
  for (const planned of queue.left.filter(({ name }) => queue.startedAt.has(name))) {
    const error = new SweeplineError('INTERRUPTED', 'the sweep was stopped', {
      where: { job: planned.name },
    });
    const saver = createSaver(
      () => ({ planned, findings: [], logs: [] }),
      maskFor(planned, deps.env),
      queue,
      deps,
    );
    yield await saver.save(planned, { outcome: { error }, stallLogs: [], answers: [] });
  }
}

/** Runs one server, for as many of the points as it survives. */
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
  const delegate = delegateOf(first);
  if (delegate !== undefined) {
    yield* sweepDelegate(delegate, queue, mask, deps, signal);
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
    onLeft: reporterOfLeft(token, files, deps),
    replan: deps.replan,
    otherNodes: nodesForClient(deps.client.place),
    ...(deps.nodes?.ask([...queue.tried]) ?? { avoid: [] }),
    prepare: async (serving, lease, own) => {
      deps.nodes?.has(lease.executors.map(({ node }) => node.name));
      client = await placeClient(deps.client, serving, lease, own);
    },
    onPhase: (phase) => deps.onEvent({ type: 'phase', name: first.name, phase }),
  });
  const saver = createSaver(() => session.facts, mask, queue, deps);
  const begun = await session.begin(signal).catch((thrown: unknown) => errorOf(thrown, first, signal));
  if ('server' in begun) {
    yield* loadEach({ begun, client: client! }, session, queue, saver, mask, deps, signal);
    return;
  }
  await session.stopServer();
  if (!retries(begun, first, queue, deps)) yield* failAll(begun, queue, saver, deps, signal);
}

/** Loads a server with one point after another; stops when it can no longer be loaded and leaves the rest. */
async function* loadEach(
  { begun, client }: Omit<Serving, 'logs'>,
  session: Session,
  queue: Queue,
  saver: Saver,
  mask: Mask,
  deps: PointDeps,
  signal: AbortSignal,
): AsyncIterable<Result> {
  for (let before = 0; queue.left.length > 0 && !signal.aborted; before += 1) {
    const planned = queue.left[0]!;
    if (before > 0) {
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
    const measured = await measure(planned, { begun, client, logs: session.facts.logs }, mask, deps, signal);
    const reused = { before, cleared: begun.plan.reset !== undefined };
    const loaded = { ...measured, ...(before > 0 && { reused }) };
    const error = 'error' in loaded.outcome ? loaded.outcome.error : undefined;
    const isDead = measured.evals !== undefined && (await hasDied(begun));
    const isLast = queue.left.length === 1 || isEndOf(error) || isDead;
    if (isLast) await stopServer(planned, session, deps);
    if (isLast && error === undefined) await session.lookAgain(signal);
    if (error !== undefined && retries(error, planned, queue, deps)) return;
    if (error === undefined) for (const { node } of begun.lease.executors) deps.nodes?.worked(node.name);
    queue.left.shift();
    yield await saver.save(planned, loaded);
    if (isLast) return;
  }
}

/** Why a point can't be measured on any node; checked before a node is requested. */
async function refusalOf(
  planned: PlannedPoint,
  { load: settings }: PointDeps,
  signal: AbortSignal,
): Promise<SweeplineError | undefined> {
  try {
    assertLoadable(planned.point.job);
    await checkDataSet(planned.point.job, settings);
    if (delegateOf(planned) !== undefined) return undefined;
    servePlanOf(planned);
    return launcherRefusal(planned);
  } catch (thrown) {
    return errorOf(thrown, planned, signal);
  }
}

/** Whether to stop measuring on this server. */
function isEndOf(error: SweeplineError | undefined): boolean {
  return (
    error !== undefined &&
    ['SERVER_DIED', 'NODE_UNFIT', 'SERVER_PORT_IN_USE', 'LEASE_LOST'].includes(error.code)
  );
}

/** The server never became ready: all its points get this result. If it was stopped, only the first one has begun. */
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

/** Loads the server with a point, and asks it what the point is marked for. */
async function measure(
  planned: PlannedPoint,
  serving: Serving,
  mask: Mask,
  deps: PointDeps,
  signal: AbortSignal,
): Promise<Loaded> {
  const { name, evals = [], point } = planned;
  try {
    const isAsked = point.job['eval-only'] === true && evals.length > 0;
    const loaded = isAsked
      ? await askOnly(planned, serving, signal)
      : await load(planned, serving, deps, signal);
    if (evals.length === 0 || 'error' in loaded.outcome) return loaded;
    deps.onEvent({ type: 'phase', name, phase: 'eval' });
    return {
      ...loaded,
      evals: await runEvals(planned, serving, deps.store.folderOf(name), { ...deps, mask }, signal),
    };
  } catch (thrown) {
    return { outcome: { error: await errorOf(thrown, planned, signal) }, stallLogs: [], answers: [] };
  }
}

/** Whether a server that has been asked is there no more. */
async function hasDied({ server, lost }: Serving['begun']): Promise<boolean> {
  return (
    lost.aborted ||
    (await server.checkAlive().then(
      () => false,
      () => true,
    ))
  );
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

/** Masks the secrets of this process's environment and those that the plan sets. */
export function maskFor(planned: PlannedPoint, env: PointDeps['env']): Mask {
  const roles = planned.state === 'planned' && planned.plan.kind === 'serve' ? planned.plan.roles : [];
  return createMask([env, ...roles.map((role) => role.env)].flatMap(secretsIn));
}
