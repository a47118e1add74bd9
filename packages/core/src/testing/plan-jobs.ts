import type { PrintedPlan } from '../plan/print.js';
import { makeTestWorkspace } from './workspace.js';

/** A plan as `sweepline plan --json` prints it, or a rejection: it has the members of one of them. */
export type PlannedJob = Partial<
  Exclude<PrintedPlan, { readonly rejected: unknown } | { readonly failed: unknown }>
> &
  Partial<Extract<PrintedPlan, { readonly rejected: unknown }>>;

/**
 * The output of `sweepline plan --json` for matrix entries, with these plugin packages installed (folders by package name), in a workspace
 * with these files (by path). Rejects with the command's message if it fails.
 */
export async function planJobs(
  packages: Readonly<Record<string, string>>,
  jobs: readonly object[],
  args: readonly string[] = [],
  files: Readonly<Record<string, string>> = {},
): Promise<readonly PlannedJob[]> {
  await using workspace = await makeTestWorkspace({
    packages,
    files: { ...files, 'matrix.json': JSON.stringify(jobs) },
  });
  const command = ['plan', '--matrix', 'matrix.json', '--json', ...args];
  const { exitCode, stdout, stderr } = await workspace.cli(command);
  if (exitCode !== 0) throw new Error(stderr);
  return JSON.parse(stdout) as readonly PlannedJob[];
}
