import { cp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { EXIT, SweeplineError, toJson, writeAtomic, type CommandContext } from '@sweepline/core';
import { sweeplineAnswer } from '../actions/command-line.js';
import { required, writeOutputs, writeSummary, type Environment } from '../actions/environment.js';
import { changelogArtifact } from '../plan/changelog-artifact.js';
import { artifactOf, canaryStates, expectedParts, partsIn } from '../plan/parts.js';
import { PLAN_FOLDER, readPlan, writePlan, type Plan } from '../plan/plan.js';
import { pruneHistory } from '../plan/prune-history.js';
import { writeCollected, type Collected } from '../report/collected.js';
import { evalsText, successText } from '../report/outcome-text.js';
import { loadSettings } from '../settings.js';
import type { Subcommand } from './command.js';
import { PARTS } from './select.js';

const ARTIFACTS = 'artifacts';
/** Exit codes of an export: 1 where something is held back, which it names. */
const HELD_BACK = [EXIT.ok, EXIT.jobFailed];
/** Where the run lies that was measured for a pull request and is taken over. */
export const REUSED_RUN = join('reused', 'sweep-run');

/** Joins what the jobs have left into one run, and writes the artifacts that InferenceX's dashboard reads. */
export const collect: Subcommand = {
  summary: 'join what the jobs of the matrix have left into one run, and export it',
  async run(context, _, env) {
    const { root, resultsDir, terminal } = context;
    const plan = await readPlan(join(root, PLAN_FOLDER), required(env, 'SWEEPLINE_PLAN_DIGEST'));
    const reuse = env['SWEEPLINE_REUSE'] ?? '';
    const collected =
      reuse === '' ? await joined(context, plan, env) : await takenOver(context, plan, reuse, env);
    await writeCollected(root, collected);
    await rm(join(root, ARTIFACTS), { recursive: true, force: true });
    const { name } = collected;
    if (collected.hasRun) {
      await sweeplineAnswer(context, ['export', 'inferencex', ARTIFACTS, `run=${name}`], HELD_BACK);
      const changelog = changelogArtifact(plan.changelog);
      const file = join(root, ARTIFACTS, 'changelog-metadata', 'changelog_metadata.json');
      if (changelog !== undefined) await writeAtomic(file, toJson(changelog));
      await pruneHistory(resultsDir, (await loadSettings(root))['history-runs'], name);
    }
    await writeSummary(
      env,
      [await successText(context, collected), await evalsText(context, collected)].join('\n\n'),
    );
    await writeOutputs(
      env,
      { name, 'has-run': String(collected.hasRun), later: String(plan.later.length) },
      terminal.stdout,
    );
    return EXIT.ok;
  },
};

async function joined(context: CommandContext, plan: Plan, env: Environment): Promise<Collected> {
  const { root, runs } = context;
  const parts = await partsIn(join(root, PARTS));
  const states = await canaryStates(plan, parts, runs);
  const expected = expectedParts(plan, states);
  const isThere = ({ id, part }: (typeof expected)[number]): boolean =>
    (parts.runs.get(artifactOf(id, part)) ?? []).length > 0;
  const there = expected.filter(isThere);
  if (there.length > 0) {
    const folders = there.map(({ id, part }) => join(root, PARTS, artifactOf(id, part)));
    // A run that isn't complete ends with 1: the gate judges that.
    await sweeplineAnswer(context, ['collect', ...folders, '--out', plan.name], [EXIT.ok, EXIT.jobFailed]);
  }
  const failed = plan.configs.filter(({ id }) => states.get(id) === 'failed');
  await leaveForNext(
    root,
    plan,
    new Set(plan.configs.filter(({ id }) => states.get(id) !== 'passed').map(({ id }) => id)),
  );
  return {
    ...{
      name: plan.name,
      head: plan.head,
      base: plan.base,
      hasRun: there.length > 0,
      refused: parts.refused,
    },
    ...{ expected: expected.length, lost: expected.filter((part) => !isThere(part)) },
    failedCanaries: failed.map(({ name, runner, rows }) => ({ name, runner, rows: rows.length })),
    later: plan.later.map(({ name }) => name),
    ...{ part: plan.part, isChained: env['SWEEPLINE_CHAIN'] === 'true' },
  };
}

/** The plan that the next run of the chain reads: without the configs whose canary has not passed. */
async function leaveForNext(root: string, plan: Plan, without: ReadonlySet<string>): Promise<void> {
  await writePlan(join(root, 'next', PLAN_FOLDER), {
    ...plan,
    later: plan.later.filter(({ id, canary }) => canary !== undefined || !without.has(id)),
  });
}

/** @throws {SweeplineError} USAGE unless the artifact is a run that is complete */
async function takenOver(
  { root, resultsDir, runs }: CommandContext,
  plan: Plan,
  reuse: string,
  env: Environment,
): Promise<Collected> {
  const folder = join(root, REUSED_RUN);
  const name = `ci-${reuse}`;
  const { run, results, problems } = await runs.read(folder);
  if (run.state !== 'finished' || results.length === 0 || problems.length > 0)
    throw new SweeplineError(
      'USAGE',
      `the results of run ${reuse} are not complete: they are not taken over`,
    );
  await cp(folder, join(resultsDir, name), { recursive: true, verbatimSymlinks: true });
  return {
    ...{ name, head: plan.head, base: plan.base, hasRun: true, refused: [], expected: 0, lost: [] },
    ...{ failedCanaries: [], later: [], part: plan.part, isChained: false },
    reused: { run: reuse, url: env['SWEEPLINE_REUSE_URL'] ?? '', digest: plan.digest },
  };
}
