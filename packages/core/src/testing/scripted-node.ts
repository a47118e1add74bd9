import type { Executor, Exit, Output, ProcessHandle, ProcessSpec } from '../plugin/index.js';

/** The output of commands, by how they begin; all other programs are not installed. */
export type Recording = Readonly<Record<string, string | Output>>;

export interface ScriptedNode {
  readonly executor: Executor;
  /** Processes that were started and not yet stopped. */
  running(): number;
}

const KILLED: Exit = { code: undefined, signal: 'SIGTERM' };

/** A node on which commands print recorded output. Spawned commands print it and run until they are stopped. */
export function scriptedNode(recording: Recording, name = 'node_0'): ScriptedNode {
  const running = new Set<ProcessHandle>();
  const answer = ({ argv }: ProcessSpec): Output => {
    const command = argv.join(' ');
    const found = Object.entries(recording).find(([start]) => command.startsWith(start))?.[1];
    if (found === undefined) throw notInstalled(command);
    return typeof found === 'string'
      ? { exit: { code: 0, signal: undefined }, stdout: found, stderr: '' }
      : found;
  };
  const executor: Executor = {
    node: { name, host: '127.0.0.1' },
    run: (spec) => new Promise((resolve) => resolve(answer(spec))),
    spawn: (spec) =>
      new Promise((resolve) => {
        const process = scriptedProcess(spec, answer(spec), running);
        running.add(process);
        resolve(process);
      }),
    workDir: '/nowhere',
    copyIn: unscripted,
    copyOut: () => failing,
    read: unscripted,
    follow: () => failing,
    http: unscripted,
    freePort: unscripted,
    portInUse: unscripted,
  };
  return { executor, running: () => running.size };
}

function scriptedProcess(
  { argv: [program = ''] }: ProcessSpec,
  { stdout, stderr }: Output,
  running: Set<ProcessHandle>,
): ProcessHandle {
  let end = (_exit: Exit): void => {};
  const exited = new Promise<Exit>((resolve) => (end = resolve));
  const handle: ProcessHandle = {
    name: program,
    exited,
    async *lines() {
      yield* stdout.split('\n');
      await exited;
    },
    errorTail: () => stderr,
    stop: () => {
      running.delete(handle);
      end(KILLED);
      return exited;
    },
  };
  return handle;
}

/** How executors reject a missing program. */
function notInstalled(command: string): Error {
  return Object.assign(new Error(`can't start ${command}`), { cause: { code: 'ENOENT' } });
}

const failing: AsyncIterable<Uint8Array> = { [Symbol.asyncIterator]: () => ({ next: unscripted }) };

function unscripted(): Promise<never> {
  return Promise.reject(new Error('a scripted node only runs commands'));
}
