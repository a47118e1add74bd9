import { SweeplineError } from '../errors.js';
import type { Role, ServePlan } from '../plugin/launch-plan.js';
import type { NodeLease } from '../plugin/launcher.js';
import { isGroup } from '../plan/launcher-refusal.js';
import { layOut } from '../plan/layout.js';
import { baseUrlOf } from '../plan/print.js';
import { placeRoles, type Replica } from './addresses.js';
import { deathOf } from './death.js';
import { createProcessStarter, type ProcessOptions, type Started } from './process-starter.js';
import { waitUntilReady } from './readiness.js';
import type { ServerLog } from './server-logs.js';

/** Milliseconds a server has to end by itself when it is told to. */
const STOP_GRACE_MS = 10_000;
/** A server that answers; disposing stops all its processes. */
export interface RunningServer extends AsyncDisposable {
  readonly baseUrl: string;
  /** The replica whose port the API is on. */
  readonly endpoint: Replica;
  /** Resolves when one of its processes ends while it should run. */
  readonly died: Promise<SweeplineError>;
  /** @throws {SweeplineError} SERVER_DIED when one of its processes has ended. */
  checkAlive(): Promise<void>;
}

export interface StartOptions extends ProcessOptions {
  /** Called with the logs of each process that was started. */
  readonly onStarted?: (logs: readonly ServerLog[]) => void;
}

/**
 * Starts the roles of a plan, each as soon as those that it waits for are ready, waits until all are, and watches them. What was
 * started is stopped on failure.
 */
export async function startServer(plan: ServePlan, options: StartOptions): Promise<RunningServer> {
  const ordered = inOrder(plan.roles);
  const { lease, runner } = options;
  const placed = layOut(plan.roles, runner.sku.devicesPerNode);
  assertGroups(plan.roles, lease);
  const stopping = new AbortController();
  const signal = AbortSignal.any([options.signal, stopping.signal]);
  const replicas = await placeRoles(placed, lease.executors, signal);
  const starter = createProcessStarter(replicas, { ...options, signal });
  const started: Started[] = [];
  let reportDeath: (error: SweeplineError) => void = () => {};
  const died = new Promise<SweeplineError>((resolveDeath) => (reportDeath = resolveDeath));
  const start = async (replica: Replica): Promise<void> => {
    const one = await starter.start(replica);
    started.push(one);
    options.onStarted?.(one.logs);
    void one.process.exited.then(async (exit) => {
      one.hasEnded = true;
      const error = await deathOf(labelOf(replica), one.logs, exit, options.mask);
      if (!stopping.signal.aborted) reportDeath(error);
    });
  };
  const waiting = new Map<string, Promise<void>>();
  const bringUp = async (role: Role): Promise<void> => {
    for (const name of role.after ?? []) await waiting.get(name);
    await Promise.all(replicas.filter((replica) => replica.role === role).map(start));
    await ready(plan, role, started, signal);
  };
  const stop = async (): Promise<void> => {
    stopping.abort();
    // What was being started is stopped as well.
    await Promise.allSettled(waiting.values());
    await Promise.all(started.map(({ process }) => process.stop(STOP_GRACE_MS)));
  };
  try {
    for (const role of ordered) {
      const up = bringUp(role);
      up.catch(() => {}); // waited for below, by all that come after it too
      waiting.set(role.name, up);
    }
    await Promise.race([Promise.all(waiting.values()), died.then((error) => Promise.reject(error))]);
    return {
      baseUrl: baseUrlOf(plan, starter.resolverOf(0)),
      endpoint: endpointOf(plan, replicas),
      died,
      async checkAlive() {
        if (started.some(({ hasEnded }) => hasEnded)) throw await died;
      },
      [Symbol.asyncDispose]: stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Such as `decode 1`, where there are several of a role. */
function labelOf({ role: { name, replicas }, replica }: Replica): string {
  return replicas > 1 ? `${name} ${replica}` : name;
}

function endpointOf({ endpoint: { role, index = 0 } }: ServePlan, replicas: readonly Replica[]): Replica {
  const found = replicas.find((one) => one.role.name === role && one.replica === index && one.rank === 0);
  if (found === undefined)
    throw new SweeplineError('PLAN_INVALID', `the endpoint's role ${role} has no replica ${index}`);
  return found;
}

/** Roles so that each comes after those it waits for. */
function inOrder(roles: readonly Role[]): readonly Role[] {
  const ordered: Role[] = [];
  const waiting = [...roles];
  while (waiting.length > 0) {
    const next = waiting.findIndex((role) =>
      (role.after ?? []).every((name) => ordered.some((earlier) => earlier.name === name)),
    );
    const role = waiting[next];
    if (role === undefined) {
      const names = waiting.map(({ name }) => name).join(', ');
      throw new SweeplineError('PLAN_INVALID', `the roles ${names} wait for each other`);
    }
    waiting.splice(next, 1);
    ordered.push(role);
  }
  return ordered;
}

/** One process in the place of many would serve with a fraction of its devices. */
function assertGroups(roles: readonly Role[], lease: NodeLease): void {
  const role = roles.find(isGroup);
  if (role === undefined || lease.group !== undefined) return;
  throw new SweeplineError(
    'PLAN_UNSUPPORTED',
    `${role.name} is a group of processes over ${role.place.nodes} nodes (${role.place.wireUp}), which the runner's launcher can't start`,
    { hint: 'Give the runner a launcher that starts groups, such as slurm.' },
  );
}

async function ready(
  plan: ServePlan,
  role: Role,
  started: readonly Started[],
  signal: AbortSignal,
): Promise<void> {
  const checks = plan.ready.filter((readiness) => readiness.role === role.name);
  const processes = started.filter(({ replica }) => replica.role === role && replica.rank === 0);
  await Promise.all(
    checks.flatMap((check) =>
      processes.map(({ replica, logs: [log] }) => waitUntilReady(check, replica, log!, signal)),
    ),
  );
}
