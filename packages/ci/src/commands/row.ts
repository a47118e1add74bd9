import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { SweeplineError } from '@sweepline/core';
import { runSweepline } from '../actions/command-line.js';
import { required, writeSummary } from '../actions/environment.js';
import { PLAN_FOLDER, readPlan, type MatrixJob, type Plan } from '../plan/plan.js';
import type { Subcommand } from './command.js';

/** Where a job of the matrix leaves its run. */
export const ROW_RESULTS = 'row-results';

/** Measures a part of the plan on this runner. */
export const row: Subcommand = {
  summary: 'measure the row of the plan that SWEEPLINE_ROW and SWEEPLINE_PART name',
  async run(context, _, env) {
    const { root, terminal } = context;
    const plan = await readPlan(
      join(root, env['SWEEPLINE_PLAN'] ?? PLAN_FOLDER),
      required(env, 'SWEEPLINE_PLAN_DIGEST'),
    );
    const jobs = jobsOf(plan, required(env, 'SWEEPLINE_ROW'), required(env, 'SWEEPLINE_PART'));
    const results = join(root, ROW_RESULTS);
    const { exitCode, stdout } = await runSweepline(
      context,
      ['sweep', '--matrix', '-', '--results-dir', results, '--fail-fast', '--allow-invalid'],
      JSON.stringify(jobs),
    );
    terminal.stdout(stdout);
    for (const run of await readdir(results).catch(() => []))
      await writeSummary(env, await readFile(join(results, run, 'summary.md'), 'utf8').catch(() => ''));
    return exitCode;
  },
};

/** @throws {SweeplineError} USAGE */
function jobsOf({ configs }: Plan, id: string, part: string): readonly MatrixJob[] {
  const jobs =
    part === 'canary'
      ? configs.find((config) => config.id === id)?.canary
      : configs.flatMap(({ rows }) => rows).find((one) => one.id === id)?.jobs;
  if (jobs === undefined || !['canary', 'rest'].includes(part))
    throw new SweeplineError('USAGE', `the plan has no ${part} ${id}`);
  return Array.isArray(jobs) ? jobs : [jobs];
}
