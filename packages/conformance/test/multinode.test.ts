import { expect, it } from 'vitest';
import { meaningOf } from './arguments.js';
import { byName, parsed, report, type Difference } from './compare.js';
import { plans, strictPlans, type Plan } from './plans.js';
import { describeRows, groupBy, type Job, type LauncherRow } from './recordings.js';

const WORKSPACE = '/work/ws/';

describeRows('multinode', (rows) => {
  for (const [group, some] of groupBy(rows, ({ job, node }) => `${job.framework} on ${node}`)) {
    it(`${group}: ${some.length} jobs are submitted strictly as the original submits them`, async () => {
      const planned = await strictPlans(some.map(onNode));
      expect(report(some.map((row, index) => [labelOf(row), differences(planned[index]!, row)]))).toBe('');
    });
  }

  it('refuses none of the recorded jobs', async () => {
    const planned = await plans(rows.map(({ job }) => job));
    const refused = planned.map(({ rejected }) => (rejected === undefined ? [] : [rejected.reason]));
    expect(report(rows.map((row, index) => [labelOf(row), refused[index]!]))).toBe('');
  });
});

/** A submission depends on the node that the launcher runs on. */
function onNode({ job, node }: LauncherRow): Job {
  return { ...job, runner: node };
}

function differences(
  { rejected, processes = [] }: Plan,
  { submit, files }: LauncherRow,
): readonly Difference[] {
  if (rejected !== undefined) return [`rejected: ${rejected.reason}`];
  const [process, ...others] = processes;
  if (process?.role !== 'submit' || others.length > 0) return ['not exactly one process that submits'];
  return [
    ...byName('flag --', meaningOf(process.argv), meaningOf(submit.argv)),
    ...byName('env ', process.env, submit.env ?? {}),
    ...byName('', { cwd: process.cwd }, { cwd: submit.cwd }),
    ...byName('file ', parsed(inWorkspace(process.files)), parsed(inWorkspace(files))),
  ];
}

/** Files by their paths within the workspace. */
function inWorkspace(files: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(files).map(([path, text]) => [
      path.startsWith(WORKSPACE) ? path.slice(WORKSPACE.length) : path,
      text,
    ]),
  );
}

function labelOf({
  id,
  job,
  node,
  config_file: recipe,
}: LauncherRow & { readonly config_file?: string | null }): string {
  return `${id ?? ''} ${String(job['model-prefix'])} ${String(job['precision'])} ${job.framework} on ${node} ${recipe ?? ''}`;
}
