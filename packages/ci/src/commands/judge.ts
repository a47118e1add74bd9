import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { EXIT, SweeplineError, isThere, writeAtomic, z, type CommandContext } from '@sweepline/core';
import { runSweepline, sweeplineAnswer } from '../actions/command-line.js';
import { writeOutputs, writeSummary, type Environment } from '../actions/environment.js';
import { matrixText, restRows } from '../plan/matrices.js';
import { artifactOf, partsIn } from '../plan/parts.js';
import { PLAN_SCHEMA, digestOf, jobSchema, readPlan, writePlan, type MatrixJob } from '../plan/plan.js';
import { REPORT_FOLDER, readCollected, type Collected } from '../report/collected.js';
import { commentText } from '../report/comment-text.js';
import { comparisonSchema, gateSchema, type Comparison, type Gate } from '../report/judgements.js';
import type { Subcommand } from './command.js';
import { PARTS } from './select.js';

/** Where the plan of the second run lies, which decides what seems worse. */
export const CONFIRM_FOLDER = 'sweep-confirm';
const JOBS_FILE = join(CONFIRM_FOLDER, 'jobs.json');
/** Exit codes of a gate and of a comparison. */
const JUDGED = [EXIT.ok, EXIT.red, EXIT.undecided];

export const judge: Subcommand = {
  summary: 'judge the joined run: first what a second run has to confirm, then the gate and the comment',
  options: (command) => command.argument('<stage>', 'first or final'),
  run: (context, command, env) => {
    const [stage = ''] = command.args;
    if (stage === 'first') return first(context, env);
    if (stage === 'final') return final(context, env);
    throw new SweeplineError('USAGE', `there is no stage ${stage}: first, final`);
  },
};

/** Writes what has to be measured again before anything red is said. */
async function first(context: CommandContext, env: Environment): Promise<number> {
  const { root, terminal } = context;
  const collected = await readCollected(root);
  const jobs = collected.hasRun && (await hasRules(root)) ? await jobsToConfirm(context, collected.name) : [];
  if (jobs.length === 0) {
    await writeOutputs(env, { rows: '', digest: '' }, terminal.stdout);
    return EXIT.ok;
  }
  const runners = [...new Set(jobs.map(({ runner }) => runner))];
  const configs = runners.map((runner, index) => ({
    ...{ id: `again${index + 1}`, name: `again-${runner}`, runner },
    rows: [{ id: `again${index + 1}-1`, jobs: jobs.filter((job) => job.runner === runner) }],
  }));
  const { head, name } = collected;
  const digest = await writePlan(join(root, CONFIRM_FOLDER), {
    ...{
      schema: PLAN_SCHEMA,
      head,
      digest: '',
      part: 1,
      name: `${name}-again`,
      configs,
      later: [],
      evals: 0,
    },
  });
  await writeOutputs(env, { rows: matrixText(restRows(configs)), digest }, terminal.stdout);
  return EXIT.ok;
}

async function jobsToConfirm(context: CommandContext, run: string): Promise<readonly MatrixJob[]> {
  await sweeplineAnswer(context, ['gate', run, '--jobs-to-confirm', JOBS_FILE], JUDGED);
  return z.array(jobSchema).parse(JSON.parse(await readFile(join(context.root, JOBS_FILE), 'utf8')));
}

/** @returns the gate's exit code, or that of a red one where a job was lost */
async function final(context: CommandContext, env: Environment): Promise<number> {
  const { root, terminal } = context;
  const collected = await readCollected(root);
  const again = await secondRun(context, env);
  const confirmed = again === undefined ? [] : ['--confirmed-by', again];
  const gate =
    collected.hasRun && (await hasRules(root)) ? await gateOf(context, collected.name, confirmed) : undefined;
  const comparison = collected.hasRun ? await comparisonOf(context, collected.name, confirmed) : undefined;
  const isUnconfirmed = again === undefined && (env['SWEEPLINE_CONFIRM_DIGEST'] ?? '') !== '';
  const exitCode = exitOf(collected, gate, isUnconfirmed);
  const comment = commentText({ collected, gate, comparison, isUnconfirmed, run: runUrl(env) });
  await writeAtomic(join(root, REPORT_FOLDER, 'comment.md'), comment);
  await writeAtomic(join(root, REPORT_FOLDER, 'gate.json'), `${JSON.stringify(gate ?? null, null, 2)}\n`);
  await writeSummary(env, comment);
  await writeOutputs(env, { digest: digestOf(comment) }, terminal.stdout);
  return exitCode;
}

/** @returns name of the joined second run; undefined if there was none */
async function secondRun(context: CommandContext, env: Environment): Promise<string | undefined> {
  const { root } = context;
  const digest = env['SWEEPLINE_CONFIRM_DIGEST'] ?? '';
  if (digest === '') return undefined;
  const plan = await readPlan(join(root, CONFIRM_FOLDER), digest);
  const { runs } = await partsIn(join(root, PARTS));
  const folders = plan.configs
    .flatMap(({ rows }) => rows.map(({ id }) => artifactOf(id, 'rest')))
    .filter((name) => (runs.get(name) ?? []).length > 0)
    .map((name) => join(root, PARTS, name));
  if (folders.length === 0) return undefined;
  await sweeplineAnswer(context, ['collect', ...folders, '--out', plan.name], [EXIT.ok, EXIT.jobFailed]);
  return plan.name;
}

async function gateOf(context: CommandContext, run: string, confirmed: readonly string[]): Promise<Gate> {
  const { stdout } = await sweeplineAnswer(context, ['gate', run, '--json', ...confirmed], JUDGED);
  return gateSchema.parse(JSON.parse(stdout));
}

/** Undefined where there is no run to compare with. */
async function comparisonOf(
  context: CommandContext,
  run: string,
  confirmed: readonly string[],
): Promise<{ readonly json: Comparison; readonly markdown: string } | undefined> {
  const compare = (format: string): ReturnType<typeof runSweepline> =>
    runSweepline(context, ['compare', 'previous', run, ...confirmed, '--format', format]);
  const json = await compare('json');
  if (!JUDGED.some((code) => code === json.exitCode)) return undefined;
  return {
    json: comparisonSchema.parse(JSON.parse(json.stdout)),
    markdown: (await compare('markdown')).stdout,
  };
}

function exitOf(
  { lost, hasRun, isComplete, failedCanaries }: Collected,
  gate: Gate | undefined,
  isUnconfirmed: boolean,
): number {
  if (!hasRun || !isComplete || lost.length > 0 || failedCanaries.length > 0 || gate?.status === 'failed')
    return EXIT.red;
  return gate?.status === 'unsure' || isUnconfirmed ? EXIT.undecided : EXIT.ok;
}

function hasRules(root: string): Promise<boolean> {
  return isThere(join(root, 'gate.yaml'));
}

function runUrl(env: Environment): string | undefined {
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository, GITHUB_RUN_ID: run } = env;
  return server === undefined || run === undefined
    ? undefined
    : `${server}/${repository ?? ''}/actions/runs/${run}`;
}
