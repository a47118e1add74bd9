import { cp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { EXIT, SweeplineError, toJson, writeAtomic, type CommandContext } from '@sweepline/core';
import { sweeplineAnswer } from '../actions/command-line.js';
import { required, writeOutputs, writeSummary, type Environment } from '../actions/environment.js';
import { changelogArtifact } from '../plan/changelog-artifact.js';
import { artifactOf, canaryStates, expectedParts, partsIn, type ExpectedPart } from '../plan/parts.js';
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
      { name, 'has-run': String(collected.hasRun), later: String(collected.later.length) },
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
  const isThere = ({ id, part }: Pick<ExpectedPart, 'id' | 'part'>): boolean =>
    (parts.runs.get(artifactOf(id, part)) ?? []).length > 0;
  const there = expected.filter(isThere);
  const folders = there.map(({ id, part }) => join(root, PARTS, artifactOf(id, part)));
  const stopped = plan.configs.filter(({ id }) => states.get(id) !== 'passed');
  const later = await leaveForNext(root, plan, new Set(stopped.map(({ id }) => id)));
  return {
    ...{ name: plan.name, head: plan.head, base: plan.base, part: plan.part, refused: parts.refused },
    ...{ hasRun: there.length > 0, isComplete: await joinedWhole(context, folders, plan.name) },
    ...{ expected: expected.length, lost: expected.filter((part) => !isThere(part)) },
    failedCanaries: stopped
      .filter(({ id }) => isThere({ id, part: 'canary' }))
      .map(({ name, runner, rows }) => ({ name, runner, rows: rows.length })),
    later: later.map(({ name }) => name),
    ...{ isChained: env['SWEEPLINE_CHAIN'] === 'true', isFork: env['SWEEPLINE_FORK'] === 'true' },
  };
}

/** @returns whether each point that the jobs were to measure has ended */
async function joinedWhole(
  context: CommandContext,
  folders: readonly string[],
  name: string,
): Promise<boolean> {
  if (folders.length === 0) return true;
  const accepted = [EXIT.ok, EXIT.jobFailed];
  const { exitCode } = await sweeplineAnswer(context, ['collect', ...folders, '--out', name], accepted);
  return exitCode === EXIT.ok;
}

/** Writes the plan that the next run of the chain reads: without the configs whose canary has not passed. */
async function leaveForNext(root: string, plan: Plan, without: ReadonlySet<string>): Promise<Plan['later']> {
  const later = plan.later.filter(({ id, canary }) => canary !== undefined || !without.has(id));
  await writePlan(join(root, 'next', PLAN_FOLDER), { ...plan, later });
  return later;
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
    ...{ failedCanaries: [], later: [], part: plan.part, isChained: false, isFork: false, isComplete: true },
    reused: { run: reuse, url: env['SWEEPLINE_REUSE_URL'] ?? '', digest: plan.digest },
  };
}
