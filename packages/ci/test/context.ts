import { join } from 'node:path';
import { latestRun, readRun, SweeplineError, type CommandContext } from '@sweepline/core';
import { vi } from 'vitest';
import command from '../src/commands/ci.js';

export interface TestContext extends CommandContext {
  readonly out: string[];
  readonly errors: string[];
}

/** What a command gets, in a folder. */
export function contextIn(root: string): TestContext {
  const [out, errors]: [string[], string[]] = [[], []];
  const resultsDir = join(root, 'results');
  const say = (text: string): void => void errors.push(`${text}\n`);
  return {
    ...{ out, errors, args: [], cwd: root, root, resultsDir, signal: new AbortController().signal },
    terminal: {
      stdout: (text) => void out.push(text),
      stderr: (text) => void errors.push(text),
      interactive: false,
      columns: 120,
    },
    logger: { info: say, warn: say, error: say },
    skus: () => Promise.resolve([]),
    runs: { latest: () => latestRun(resultsDir), read: readRun },
  };
}

export interface Said {
  readonly exitCode: number;
  readonly stdout: string;
  /** What was logged, or thrown. */
  readonly said: string;
}

/** Runs `sweepline ci`, in this process, wherever that is. Exit code 99: it has thrown. */
export async function ci(context: TestContext, ...args: readonly string[]): Promise<Said> {
  vi.stubEnv('GITHUB_ACTIONS', undefined);
  return onRunner(context, ...args);
}

/** The same with the variables that are set. */
export async function onRunner(context: TestContext, ...args: readonly string[]): Promise<Said> {
  const exitCode = await Promise.resolve(command({ ...context, args })).catch((error: unknown) => {
    if (!(error instanceof SweeplineError)) throw error;
    context.errors.push(`${error.code}: ${error.message}\n`);
    return 99;
  });
  return { exitCode, stdout: context.out.splice(0).join(''), said: context.errors.splice(0).join('') };
}
