import { posix } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { Executor, NodeInfo, ProcessHandle, ProcessSpec } from '../../plugin/node.js';
import { AGENT, NODE } from '../bundle/node-bundle.js';
import { followByReading } from '../follow.js';
import { within } from '../within.js';
import { openConnection, type AgentProcess, type Connection, type Report } from './connection.js';
import { createRemoteProcess, type RemoteProcess } from './remote-process.js';
import { agentFolder, type AgentSettings } from './protocol.js';

export { agentFolder, type AgentProcess, type AgentSettings };

/** Bytes of a file that travel at once. */
const PIECE_BYTES = 1024 * 1024;
/** Milliseconds that an agent has to end what it started, its folder and itself. */
const END_MS = 30_000;

/** A node on which an agent works. Disposing ends what it started, removes its folder and ends it; also where it is lost. */
export interface Agent extends Executor, AsyncDisposable {
  /** Settles with the reason when the agent can't be reached any more, and was not asked to end. */
  readonly lost: Promise<string>;
}

export interface AgentOptions extends Pick<AgentSettings, 'token' | 'name' | 'host'> {
  /** The folder of its bundle on the node, which the load process is in as well. */
  readonly bundle?: NodeInfo['bundle'];
  /**
   * Called with the reason when the agent is lost, and waited for before the ends of its processes are reported and what it was asked
   * fails: a lease says first that it is lost.
   */
  readonly onLost?: (reason: string) => Promise<void> | void;
}

/** Argv of an agent whose bundle is in a folder of its node. */
export function agentCommand(folder: string, { token, name, host, base }: AgentSettings): readonly string[] {
  return [posix.join(folder, NODE), posix.join(folder, AGENT), token, name, host, base];
}

/**
 * An executor on another machine, by an agent there.
 * @param process has been started with `agentCommand`, however one gets there: srun, ssh, docker exec
 * @throws {SweeplineError} NODE_UNFIT when the agent doesn't start
 */
export async function connectAgent(
  process: AgentProcess,
  { token, name, host, bundle, onLost }: AgentOptions,
  signal: AbortSignal,
): Promise<Agent> {
  const processes = new Map<number, RemoteProcess>();
  const onReport = (report: Report): void => processes.get(report.process)?.report(report);
  const connection = await openConnection(process, { node: name, token, onReport }, signal);
  let isEnding = false;
  let isLost = false;
  const lost = new Promise<string>((resolve) => {
    void connection.ended.then(async (reason) => {
      isLost = true;
      if (!isEnding) {
        await onLost?.(reason);
        resolve(reason);
        // Whoever waits for the lease's loss hears of it before anybody who was asking the agent.
        await setImmediate();
      }
      connection.fail(reason);
      for (const one of processes.values()) one.lose();
    });
  });
  const { workDir } = connection.ready;
  const spawn = async (spec: ProcessSpec, own: AbortSignal): Promise<ProcessHandle> => {
    own.throwIfAborted();
    // Its end may be reported before the answer is looked at.
    const { process: number } = await connection.call('spawn', { spec: inFolder(spec, workDir) });
    const remote = createRemoteProcess(spec.argv[0] ?? '', number, connection.call);
    processes.set(number, remote);
    return remote.handle;
  };
  return {
    node: { name, host, ...(bundle !== undefined && { bundle }) },
    workDir,
    lost,
    spawn,
    ...remoteCalls(connection, workDir),
    async [Symbol.asyncDispose]() {
      isEnding = true;
      const patienceMs = isLost ? 0 : END_MS;
      await within(patienceMs, connection.call('end', {})).catch(() => {});
      process.stdin.destroy();
      if ((await within(patienceMs, process.exited)) === undefined) process.kill();
    },
  };
}

function remoteCalls({ call }: Connection, workDir: string): Omit<Executor, 'node' | 'workDir' | 'spawn'> {
  const read: Executor['read'] = async (path, range) => (await call('read', { path, range })).body;
  return {
    async run(spec, signal) {
      const { output } = await call('run', { spec: inFolder(spec, workDir) }, { signal });
      return output;
    },
    async copyIn(content, path, mode) {
      const { file } = await call('open', { path, ...(mode !== undefined && { mode }) });
      try {
        for await (const piece of content) {
          for (let at = 0; at < piece.length; at += PIECE_BYTES)
            await call('piece', { file }, { body: piece.subarray(at, at + PIECE_BYTES) });
        }
      } catch (thrown) {
        await call('close', { file, failed: 'no more came of it' }).catch(() => {});
        throw thrown;
      }
      await call('close', { file });
    },
    async *copyOut(path) {
      for (let from = 0; ;) {
        const piece = await read(path, { from, length: PIECE_BYTES });
        if (piece.length > 0) yield piece;
        if (piece.length < PIECE_BYTES) return;
        from += piece.length;
      }
    },
    read,
    follow: (path, signal) => followByReading((range) => read(path, range), signal),
    freePort: async () => (await call('freePort', {})).port,
    portInUse: async (port) => (await call('portInUse', { port })).inUse,
    isOurs: async (port) => (await call('isOurs', { port })).isOurs,
    http: async (request, signal) => (await call('http', { request }, { signal })).answer,
  };
}

/** The folder is the agent's, whose own may be any. */
function inFolder(spec: ProcessSpec, workDir: string): ProcessSpec {
  return { cwd: workDir, ...spec };
}
