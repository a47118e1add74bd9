import { readFile } from 'node:fs/promises';
import { SweeplineError, messageOf, z } from '@sweepline/core';
import { required, type Environment } from './environment.js';

const sha = z.string().regex(/^[0-9a-f]{40}$/);

const pullRequest = z.object({
  number: z.number().int().positive(),
  draft: z.boolean().default(false),
  labels: z.array(z.object({ name: z.string() })).default([]),
  base: z.object({ sha }),
  head: z.object({ sha, repo: z.object({ full_name: z.string() }).nullable() }),
});

/** What of an event's payload is read; GitHub writes it to a file. */
const payload = z.object({
  action: z.string().optional(),
  label: z.object({ name: z.string() }).optional(),
  before: z.string().optional(),
  pull_request: pullRequest.optional(),
  inputs: z.record(z.string(), z.string().nullable()).nullish(),
  repository: z.object({ full_name: z.string(), default_branch: z.string() }).optional(),
});

export interface GitHubEvent extends z.output<typeof payload> {
  readonly name: string;
}

/** The event that started this job. @throws {SweeplineError} USAGE */
export async function readEvent(env: Environment): Promise<GitHubEvent> {
  const file = required(env, 'GITHUB_EVENT_PATH');
  try {
    return {
      ...payload.parse(JSON.parse(await readFile(file, 'utf8'))),
      name: required(env, 'GITHUB_EVENT_NAME'),
    };
  } catch (thrown) {
    if (thrown instanceof SweeplineError) throw thrown;
    throw new SweeplineError('USAGE', `can't read the event in ${file}: ${messageOf(thrown)}`, {
      cause: thrown,
    });
  }
}

/** An input of workflow_dispatch; undefined if it is empty. */
export function inputOf({ inputs }: GitHubEvent, name: string): string | undefined {
  const value = inputs?.[name]?.trim();
  return value === undefined || value === '' ? undefined : value;
}
