import { userInfo } from 'node:os';
import { join } from 'node:path';
import { SweeplineError } from '../errors.js';
import type { Role } from '../plugin/launch-plan.js';
import type { NodeLease } from '../plugin/launcher.js';
import type { Executor, ProcessHandle, ProcessSpec } from '../plugin/node.js';
import { isGroup } from '../plan/launcher-refusal.js';
import { deviceEnv } from '../plan/layout.js';
import {
  addressResolver,
  dateText,
  resolveRole,
  type Circumstances,
  type ResolvedRole,
} from '../plan/resolve.js';
import type { ResolvedRunner } from '../plan/runners.js';
import type { Mask } from '../secrets.js';
import { addressesOf, type Replica } from './addresses.js';
import { putText } from './files.js';
import { logFileOf, pathOf, type ServerLog } from './server-logs.js';

const LOG_TAIL_CHARS = 2000;

/** Variables with the client's key for endpoints, which is none of a server's business. */
export const CLIENT_ONLY = ['OPENAI_API_KEY'];

export interface ProcessOptions {
  readonly lease: NodeLease;
  readonly runner: ResolvedRunner;
  readonly signal: AbortSignal;
  /** Takes secrets out of what the server printed. */
  readonly mask: Mask;
}

/** A process, or a group of processes, that was started. */
export interface Started {
  readonly replica: Replica;
  readonly process: ProcessHandle;
  /** Of all its ranks; the first is that of its first process. */
  readonly logs: readonly ServerLog[];
  hasEnded: boolean;
}

/** Starts the processes of one plan. */
export interface ProcessStarter {
  resolverOf(rank: number): ReturnType<typeof addressResolver>;
  start(replica: Replica): Promise<Started>;
}

export function createProcessStarter(replicas: readonly Replica[], options: ProcessOptions): ProcessStarter {
  const addresses = addressesOf(replicas);
  const written = new Map<string, string>();
  const setUps = new Map<string, Promise<void>>();
  const resolverOf = (rank: number, executor?: Executor): ReturnType<typeof addressResolver> =>
    addressResolver(addresses, circumstancesOn(executor, options), rank);
  const start = async (replica: Replica): Promise<Started> => {
    const { role, executor } = replica;
    const resolved = resolveRole(role, resolverOf(replica.rank, executor), replica.replica);
    for (const node of nodesOf(replica, options.lease)) {
      await writeFiles(resolved.files, node, written);
      for (const spec of role.setup ?? []) await setUpOnce(inContainer(role, spec), node, options, setUps);
    }
    return spawn(replica, replicas, resolved, options);
  };
  return { resolverOf, start };
}

/** Nodes of a process: of a group, all that it spans. */
function nodesOf({ role, node, executor }: Replica, { executors }: NodeLease): readonly Executor[] {
  return isGroup(role) ? executors.slice(node, node + role.place.nodes) : [executor];
}

/** The folder is the process's node's, and the same on all for most launchers. */
function circumstancesOn(executor: Executor | undefined, { lease }: ProcessOptions): Circumstances {
  const workspace = executor?.workDir ?? lease.executors[0]?.workDir ?? '';
  return { date: dateText(new Date()), workspace, user: userInfo().username };
}

/** @throws {SweeplineError} PLAN_INVALID when two processes of a node want different files of one name. */
async function writeFiles(
  files: ResolvedRole['files'],
  executor: Executor,
  written: Map<string, string>,
): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    const key = `${executor.node.name}\0${executor.workDir}\0${path}`;
    const before = written.get(key);
    if (before !== undefined && before !== text) {
      throw new SweeplineError(
        'PLAN_INVALID',
        `two processes on ${executor.node.name} have different files for ${path}`,
      );
    }
    written.set(key, text);
    if (before === undefined) await putText(executor, join(executor.workDir, path), text);
  }
}

/** What prepares a node is run there once, for however many processes ask for it. */
function setUpOnce(
  spec: ProcessSpec,
  executor: Executor,
  options: ProcessOptions,
  setUps: Map<string, Promise<void>>,
): Promise<void> {
  const key = JSON.stringify([executor.node.name, executor.workDir, spec]);
  const running = setUps.get(key) ?? setUp(spec, executor, options);
  setUps.set(key, running);
  return running;
}

async function setUp(spec: ProcessSpec, executor: Executor, { mask, signal }: ProcessOptions): Promise<void> {
  const { exit, stderr } = await executor.run({ withoutEnv: CLIENT_ONLY, ...spec }, signal);
  if (exit.code === 0) return;
  const said = mask.text(stderr).slice(-LOG_TAIL_CHARS);
  throw new SweeplineError(
    'SETUP_FAILED',
    `${spec.argv.join(' ')} exited with ${exit.code ?? exit.signal}: ${said}`,
    { where: { node: executor.node.name } },
  );
}

/** Set-up runs in the image that it prepares. */
function inContainer({ runtime }: Role, spec: ProcessSpec): ProcessSpec {
  return runtime.kind === 'container' ? { container: { image: runtime.image }, ...spec } : spec;
}

async function spawn(
  replica: Replica,
  replicas: readonly Replica[],
  { argv, env: ownEnv }: ResolvedRole,
  { lease, runner, signal }: ProcessOptions,
): Promise<Started> {
  const { role, executor, replica: number, rank, node } = replica;
  const { nodes, ranksPerNode } = role.place;
  const spec: ProcessSpec = {
    argv,
    env: { ...ownEnv, ...deviceEnv(replica, replicas, runner.hardware.plugin) },
    withoutEnv: CLIENT_ONLY,
    ...(role.runtime.kind === 'container' && {
      container: { image: role.runtime.image, name: `${role.name}-${number}-${rank}` },
    }),
  };
  const logOf = (of: number, on: Executor): ServerLog => ({
    ...{ role: role.name, replica: number, rank: of },
    ...{ file: logFileOf(role.name, number, of), executor: on },
  });
  if (!isGroup(role)) {
    const log = logOf(rank, executor);
    const process = await executor.spawn({ ...spec, log: pathOf(log) }, signal);
    return { replica, process, logs: [log], hasEnded: false };
  }
  const numbers = Array.from({ length: nodes }, (_, index) => node + index);
  const executors = nodesOf(replica, lease);
  const file = logFileOf(role.name, number, '{rank}');
  const process = await lease.group!({ ...spec, nodes: numbers, ranksPerNode, log: file }, signal);
  const logs = executors.flatMap((on, index) =>
    Array.from({ length: ranksPerNode }, (_, local) => logOf(index * ranksPerNode + local, on)),
  );
  return { replica, process, logs, hasEnded: false };
}
