import { readFile } from 'node:fs/promises';
import type { Executor, Output, ProcessHandle } from '@sweepline/core';
import { scriptedNode } from '@sweepline/core/testing';

export const never: AbortSignal = new AbortController().signal;

export const fixture = (name: string) => readFile(new URL(`fixtures/${name}`, import.meta.url), 'utf8');

const unused = () => Promise.reject(new Error('not part of this test'));

export function printed(stdout: string, code = 0, stderr = ''): Output {
  return { exit: { code, signal: undefined }, stdout, stderr };
}

/** A node on which commands print what the function says, and started processes are this one. */
export function node(run: (command: string) => Output, spawned?: ProcessHandle): Executor {
  return {
    ...scriptedNode({}).executor,
    run: ({ argv }) => new Promise((resolve) => resolve(run(argv.join(' ')))),
    spawn: () => (spawned === undefined ? unused() : Promise.resolve(spawned)),
  };
}

/** A process that prints these lines and then runs on until it is stopped, or ends by itself with a code. */
export function fakeProcess(lines: readonly string[], code?: number) {
  const seen = { stops: 0 };
  let end = () => {};
  const ended = new Promise<void>((resolve) => (end = resolve));
  if (code !== undefined) end();
  const exit = { code, signal: code === undefined ? 'SIGTERM' : undefined };
  const handle: ProcessHandle = {
    name: 'nvidia-smi',
    exited: ended.then(() => exit),
    async *lines() {
      yield* lines;
      await ended;
    },
    errorTail: () => 'GPU is lost\n',
    stop: () => {
      seen.stops++;
      end();
      return Promise.resolve(exit);
    },
  };
  return { handle, seen };
}
