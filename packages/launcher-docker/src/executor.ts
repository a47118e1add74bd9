import {
  SweeplineError,
  type Executor,
  type Output,
  type ProcessHandle,
  type ProcessSpec,
} from '@sweepline/core';
import { TCP_TABLES, socketsReachedAt } from '@sweepline/core/launch';
import { holdsSocket, startBeside } from './beside.js';
import type { ContainerOptions, Containers } from './containers.js';

/** The machine, and containers on it: what has no container runs on the machine itself. */
export function createDockerExecutor(
  machine: Executor,
  containers: Containers,
  options: ContainerOptions,
): Executor {
  const { engine } = options;
  const start = (spec: ProcessSpec, signal: AbortSignal): Promise<ProcessHandle> => {
    const { container } = spec;
    if (container === undefined) return machine.spawn(spec, signal);
    if ('image' in container) return containers.start(spec, container.image, container.name, signal);
    return startBeside(spec, runningOf(container.sameAs, containers), options, signal);
  };
  return {
    ...machine,
    spawn: start,
    run: (spec, signal) =>
      spec.container === undefined ? machine.run(spec, signal) : runToEnd(start, spec, signal),
    async isOurs(port) {
      const ofHost = await machine.isOurs?.(port);
      if (ofHost === true) return true;
      const sockets = await socketsAt(machine, port);
      if (sockets === undefined) return undefined;
      const names = [...containers.running.values()];
      // Processes of root's containers are not to be seen by others on the machine, but in the container.
      const found = await Promise.all(names.map((name) => holdsSocket(engine, name, sockets)));
      if (found.includes(true)) return true;
      return found.includes(undefined) ? undefined : ofHost;
    },
  };
}

/** Sockets of the machine that have a port; undefined where it doesn't say, or nothing listens. */
async function socketsAt(machine: Executor, port: number): Promise<ReadonlySet<string> | undefined> {
  const never = new AbortController().signal;
  const output = await machine.run({ argv: ['cat', ...TCP_TABLES] }, never).catch(() => undefined);
  return output && socketsReachedAt(machine.node.host, port, output.stdout);
}

function runningOf(name: string, { running }: Containers): string {
  const container = running.get(name);
  if (container !== undefined) return container;
  throw new SweeplineError('PLAN_INVALID', `there is no running container of ${name} to start it in`, {
    hint: 'Only what runs in a container has one to share.',
  });
}

async function runToEnd(
  start: (spec: ProcessSpec, signal: AbortSignal) => Promise<ProcessHandle>,
  spec: ProcessSpec,
  signal: AbortSignal,
): Promise<Output> {
  const { log: _, ...own } = spec;
  const process = await start(own, signal);
  const stop = (): void => void process.stop(0);
  signal.addEventListener('abort', stop, { once: true });
  try {
    const lines: string[] = [];
    for await (const line of process.lines()) lines.push(line);
    const exit = await process.exited;
    signal.throwIfAborted();
    return { exit, stdout: lines.join('\n'), stderr: process.errorTail() };
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
