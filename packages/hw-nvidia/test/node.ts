import { readFile } from 'node:fs/promises';
import type { Executor, Output, ProcessHandle } from '@sweepline/core';
import { scriptedNode } from '@sweepline/core/testing';

export const never: AbortSignal = new AbortController().signal;

export const fixture = (name: string) => readFile(new URL(`fixtures/${name}`, import.meta.url), 'utf8');

const notInstalled = (program: string) =>
  Promise.reject(Object.assign(new Error(`can't start ${program}`), { cause: { code: 'ENOENT' } }));

export function printed(stdout: string, code = 0, stderr = ''): Output {
  return { exit: { code, signal: undefined }, stdout, stderr };
}

/** A node on which commands print what the function says, and these processes can be started, by their programs. */
export function node(
  run: (command: string) => Output,
  programs: Readonly<Record<string, ProcessHandle>> = {},
): Executor {
  return {
    ...scriptedNode({}).executor,
    run: ({ argv }) => new Promise((resolve) => resolve(run(argv.join(' ')))),
    spawn: ({ argv: [program = ''] }) => {
      const started = programs[program];
      return started === undefined ? notInstalled(program) : Promise.resolve(started);
    },
  };
}

/** A process that prints these lines and then runs on until it is stopped, or ends by itself with a code. `after`: before it prints. */
export function fakeProcess(lines: readonly string[], code?: number, after?: Promise<unknown>) {
  let printed = () => {};
  const hasPrinted = new Promise<void>((resolve) => (printed = resolve));
  const seen = { stops: 0, hasPrinted };
  let end = () => {};
  const ended = new Promise<void>((resolve) => (end = resolve));
  if (code !== undefined) end();
  const exit = { code, signal: code === undefined ? 'SIGTERM' : undefined };
  const handle: ProcessHandle = {
    name: 'nvidia-smi',
    exited: ended.then(() => exit),
    async *lines() {
      await after;
      yield* lines;
      printed();
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
