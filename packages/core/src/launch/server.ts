import { userInfo } from 'node:os';
import { join } from 'node:path';
import { SweeplineError } from '../errors.js';
import type { Mask } from '../secrets.js';
import type { Readiness, Role, ServePlan } from '../plugin/launch-plan.js';
import type { Exit, ProcessHandle } from '../plugin/node.js';
import type { NodeLease } from '../plugin/launcher.js';
import { baseUrlOf } from '../plan/print.js';
import { deviceEnv, layOut } from '../plan/layout.js';
import {
  addressResolver,
  dateText,
  resolveRole,
  type Addresses,
  type Circumstances,
} from '../plan/resolve.js';
import type { ResolvedRunner } from '../plan/runners.js';
import { addressesOf, placeRoles, type Replica } from './addresses.js';
import { waitUntilReady } from './readiness.js';
import { endOfLog, logFileOf } from './server-logs.js';

/** Milliseconds a server has to end by itself when it is told to. */
const STOP_GRACE_MS = 10_000;
const LOG_TAIL_CHARS = 2000;

/** Variables with the client's key for endpoints, which is none of a server's business. */
const CLIENT_ONLY = ['OPENAI_API_KEY'];

/** A server that answers; disposing stops all its processes. */
export interface RunningServer extends AsyncDisposable {
  readonly baseUrl: string;
  /** Resolves when one of its processes ends while it should run. */
  readonly died: Promise<SweeplineError>;
  /** @throws {SweeplineError} SERVER_DIED when one of its processes has ended. */
  checkAlive(): Promise<void>;
}

export interface StartOptions {
  readonly lease: NodeLease;
  readonly runner: ResolvedRunner;
  /** Folder on the nodes for logs and files. */
  readonly workDir: string;
  readonly signal: AbortSignal;
  /** Takes secrets out of what the server printed. */
  readonly mask: Mask;
  /** Called for each process that was started. */
  readonly onStarted?: (replica: Replica) => void;
}

interface Started {
  readonly replica: Replica;
  readonly process: ProcessHandle;
  readonly log: string;
  readonly ended: () => boolean;
}

/** Starts a plan's roles in order, waits until all are ready, and watches them. What was started is stopped on failure. */
export async function startServer(plan: ServePlan, options: StartOptions): Promise<RunningServer> {
  const placed = layOut(plan.roles, options.runner.sku.devicesPerNode);
  const replicas = await placeRoles(placed, options.lease.executors);
  const launch: Launch = {
    replicas,
    addresses: addressesOf(replicas),
    circumstances: circumstancesOf(options),
  };
  const started: Started[] = [];
  const stopping = new AbortController();
  let reportDeath: (error: SweeplineError) => void = () => {};
  const died = new Promise<SweeplineError>((resolveDeath) => (reportDeath = resolveDeath));
  const stop = async (): Promise<void> => {
    stopping.abort();
    await Promise.all(started.map(({ process }) => process.stop(STOP_GRACE_MS)));
  };
  try {
    for (const role of inOrder(plan.roles)) {
      for (const replica of replicas.filter((candidate) => candidate.role === role)) {
        const process = await startReplica(replica, launch, options);
        started.push(process);
        options.onStarted?.(replica);
        void process.process.exited.then(async (exit) => {
          if (!stopping.signal.aborted) reportDeath(await deathOf(process, exit, options.mask));
        });
      }
      await Promise.race([
        ready(plan, role, started, options.signal, stopping.signal),
        died.then((error) => Promise.reject(error)),
      ]);
    }
  } catch (error) {
    await stop();
    throw error;
  }
  const checkAlive = async (): Promise<void> => {
    if (started.some(({ ended }) => ended())) throw await died;
  };
  return {
    baseUrl: baseUrlOf(plan, addressResolver(launch.addresses, launch.circumstances, 0)),
    died,
    checkAlive,
    [Symbol.asyncDispose]: stop,
  };
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

/** What all processes of a plan are started with. */
interface Launch {
  readonly replicas: readonly Replica[];
  readonly addresses: Addresses;
  readonly circumstances: Circumstances;
}

function circumstancesOf({ workDir }: StartOptions): Circumstances {
  return { date: dateText(new Date()), workspace: workDir, user: userInfo().username };
}

async function startReplica(
  replica: Replica,
  { replicas, addresses, circumstances }: Launch,
  options: StartOptions,
): Promise<Started> {
  const { role, executor } = replica;
  if (role.runtime.kind === 'container') {
    throw new SweeplineError(
      'PLAN_UNSUPPORTED',
      `${role.name} runs in a container (${role.runtime.image}), which the runner's launcher can't start`,
      {
        hint: 'Give the runner a launcher for containers under `runners:` in configs/sweepline.yaml.',
      },
    );
  }
  const resolve = addressResolver(addresses, circumstances, replica.rank);
  const { argv, env: ownEnv, files } = resolveRole(role, resolve, replica.replica);
  const env = { ...ownEnv, ...deviceEnv(replica, replicas, options.runner.hardware.plugin) };
  for (const [path, text] of Object.entries(files)) {
    await executor.put(join(options.workDir, path), new TextEncoder().encode(text));
  }
  for (const setup of role.setup ?? []) {
    const { exit, stderr } = await executor.run(
      { cwd: options.workDir, withoutEnv: CLIENT_ONLY, ...setup },
      options.signal,
    );
    if (exit.code === 0) continue;
    throw new SweeplineError(
      'SERVER_SPAWN_FAILED',
      `${setup.argv.join(' ')} exited with ${exit.code ?? exit.signal}: ${options.mask.text(stderr).slice(-LOG_TAIL_CHARS)}`,
    );
  }
  const log = join(options.workDir, logFileOf(replica));
  const process = await executor.spawn(
    { argv, env, withoutEnv: CLIENT_ONLY, cwd: options.workDir, log },
    options.signal,
  );
  let ended = false;
  void process.exited.then(() => (ended = true));
  return { replica, process, log, ended: () => ended };
}

async function ready(
  plan: ServePlan,
  role: Role,
  started: readonly Started[],
  ...signals: readonly AbortSignal[]
): Promise<void> {
  const signal = AbortSignal.any([...signals]);
  const checks: readonly Readiness[] = plan.ready.filter((readiness) => readiness.role === role.name);
  const processes = started.filter(({ replica }) => replica.role === role && replica.rank === 0);
  await Promise.all(
    checks.flatMap((check) =>
      processes.map((process) => waitUntilReady(check, process.replica, process.log, signal)),
    ),
  );
}

async function deathOf(started: Started, exit: Exit, mask: Mask): Promise<SweeplineError> {
  const { replica, log } = started;
  const tail = mask.text(await endOfLog(replica.executor, log)).slice(-LOG_TAIL_CHARS);
  const how = exit.signal === undefined ? `exited with code ${exit.code}` : `was killed by ${exit.signal}`;
  const last = lastWords(tail);
  if (/EADDRINUSE|address already in use/i.test(tail)) {
    return new SweeplineError(
      'SERVER_PORT_IN_USE',
      `${replica.role.name} ${how}: its port was taken: ${last}`,
      {
        hint: 'Run the sweep again; another program took the port between its choice and its use.',
      },
    );
  }
  return new SweeplineError('SERVER_DIED', `${replica.role.name} ${how}${last === '' ? '' : `: ${last}`}`, {
    hint: 'Its whole output is in server.log.',
  });
}

/** A log's last line; of a Node program that threw, which ends with its version, the line that says what. */
function lastWords(tail: string): string {
  const lines = tail.split('\n');
  const last = lines.at(-1) ?? '';
  if (!/^Node\.js v\d/.test(last)) return last;
  return lines.findLast((line) => /^(?:Uncaught )?\w*(?:Error|Exception)\b/.test(line)) ?? last;
}
