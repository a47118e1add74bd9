import { randomUUID } from 'node:crypto';
import { appendFile } from 'node:fs/promises';
import { SweeplineError } from '@sweepline/core';

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Variables that GitHub's runner sets, with which a process could speak for its job: files of commands, and tokens. Nothing that is
 * measured gets them.
 */
const OF_THE_RUNNER =
  /^(?:ACTIONS_\w+|GITHUB_(?:ENV|OUTPUT|PATH|STATE|STEP_SUMMARY|TOKEN)|GH_TOKEN|NODE_AUTH_TOKEN|NPM_TOKEN)$/;

/** Of a process that is measured or that reads untrusted files. */
export function childEnvironment(env: Environment): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !OF_THE_RUNNER.test(name)));
}

/** @throws {SweeplineError} USAGE if it isn't set */
export function required(env: Environment, name: string): string {
  const value = env[name];
  if (value === undefined || value === '')
    throw new SweeplineError('USAGE', `the variable ${name} is not set`, {
      hint: 'GitHub sets its own; those of a step are in `env:` of the workflow.',
    });
  return value;
}

/** Outputs of a step; elsewhere they are written to stdout. A value can't end its own block: the delimiter is random. */
export async function writeOutputs(
  env: Environment,
  outputs: Readonly<Record<string, string>>,
  stdout: (text: string) => void,
): Promise<void> {
  const file = env['GITHUB_OUTPUT'];
  for (const [name, value] of Object.entries(outputs)) {
    if (file === undefined) stdout(`${name}=${JSON.stringify(value)}\n`);
    else {
      const end = `end-${randomUUID()}`;
      await appendFile(file, `${name}<<${end}\n${value}\n${end}\n`);
    }
  }
}

/** Adds to the job's summary, where there is one. GitHub takes 1 MiB of a step. */
export async function writeSummary(env: Environment, markdown: string): Promise<void> {
  const file = env['GITHUB_STEP_SUMMARY'];
  if (file !== undefined) await appendFile(file, `${cut(markdown, MOST_OF_A_SUMMARY)}\n`);
}

const MOST_OF_A_SUMMARY = 1_000_000;
const CUT = '\n\n(The rest is left out: it is too long.)\n';

/** Text of at most so many bytes, which says if some of it is missing. */
export function cut(text: string, bytes: number): string {
  const all = Buffer.from(text);
  if (all.length <= bytes) return text;
  const kept = all.subarray(0, bytes - Buffer.byteLength(CUT)).toString('utf8');
  return `${kept.slice(0, Math.max(0, kept.lastIndexOf('\n')))}${CUT}`;
}
