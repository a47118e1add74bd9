import { readFile } from 'node:fs/promises';
import type { Executor, Output } from '@sweepline/core';
import { scriptedNode } from '@sweepline/core/testing';

export const never: AbortSignal = new AbortController().signal;

export const fixture = (name: string) => readFile(new URL(`fixtures/${name}`, import.meta.url), 'utf8');

export function printed(stdout: string, code = 0, stderr = ''): Output {
  return { exit: { code, signal: undefined }, stdout, stderr };
}

/** A node on which commands that start thus print this; all others are not installed. */
export function node(outputs: Readonly<Record<string, Output | (() => Output)>>): Executor {
  const run: Executor['run'] = ({ argv }) => {
    const command = argv.join(' ');
    const output = Object.entries(outputs).find(([start]) => command.startsWith(start))?.[1];
    if (output === undefined) {
      return Promise.reject(
        Object.assign(new Error(`can't start ${command}`), { cause: { code: 'ENOENT' } }),
      );
    }
    return new Promise((resolve) => resolve(typeof output === 'function' ? output() : output));
  };
  return {
    ...scriptedNode({}).executor,
    run,
  };
}
