import { join } from 'node:path';
import { EXIT, SweeplineError, type CommandContext } from '@sweepline/core';
import { writeOutputs, writeSummary, type Environment } from '../actions/environment.js';
import { inputOf, readEvent } from '../actions/event.js';
import { createGit } from '../git.js';
import { jobsAskedFor, type Asked } from '../plan/asked.js';
import { planConfigs } from '../plan/configs.js';
import { canaryRows, matrixText } from '../plan/matrices.js';
import { PLAN_FOLDER, PLAN_SCHEMA, digestOf, readPlan, writePlan, type Plan } from '../plan/plan.js';
import { share, type Fleet } from '../plan/share.js';
import { setupText } from '../report/setup-text.js';
import { loadSettings, type Settings } from '../settings.js';
import type { Subcommand } from './command.js';

/** Where the plan of the run lies that this one goes on with, and of the pull request whose results may be taken. */
export const EARLIER_PLAN = join('earlier', PLAN_FOLDER);
export const REUSED_PLAN = join('reused', PLAN_FOLDER);

/** Writes the plan: what this run measures, by the event that started it. */
export const setup: Subcommand = {
  summary: 'say what the event asks for, and write the plan and the matrix of canaries',
  async run(context, _, env) {
    const settings = await loadSettings(context.root);
    const found = await planOf(context, settings, env);
    if (typeof found === 'string') {
      context.logger.info(`nothing to sweep: ${found}`);
      await writeSummary(env, setupText(found));
      await writeOutputs(env, { work: 'false', reuse: '' }, context.terminal.stdout);
      return EXIT.ok;
    }
    const reuse = await reusedRun(context, found, env);
    const plan = reuse === undefined ? found : { ...found, configs: [], later: [] };
    const digest = await writePlan(join(context.root, PLAN_FOLDER), plan);
    await writeSummary(env, setupText(plan, reuse));
    const outputs = {
      ...{ work: 'true', digest, name: plan.name, reuse: reuse ?? '' },
      ...{ canaries: matrixText(canaryRows(plan.configs)), measures: String(plan.configs.length > 0) },
    };
    await writeOutputs(env, outputs, context.terminal.stdout);
    return EXIT.ok;
  },
};

/** @returns why there is nothing to do, as text */
async function planOf(context: CommandContext, settings: Settings, env: Environment): Promise<Plan | string> {
  const event = await readEvent(env);
  const continues = env['SWEEPLINE_CONTINUES'] ?? '';
  if (inputOf(event, 'continues') !== undefined) {
    if (continues === '')
      throw new SweeplineError('USAGE', 'the run to go on with could not be found, or may not be taken');
    return continued(await readPlan(join(context.root, EARLIER_PLAN)), settings);
  }
  const [folder = '', commit = ''] = [env['SWEEPLINE_FORK_FOLDER'], env['SWEEPLINE_FORK_COMMIT']];
  const asked = await jobsAskedFor({
    ...{ context, event, settings, git: createGit(context.root, context.signal) },
    swept: env['SWEEPLINE_SWEPT'] === '' ? undefined : env['SWEEPLINE_SWEPT'],
    fork: commit === '' ? undefined : { folder, commit },
  });
  if (typeof asked === 'string') return asked;
  if (asked.jobs.length === 0) return 'what was added asks for no benchmark';
  return newPlan(context, asked, settings, env);
}

async function newPlan(
  context: CommandContext,
  asked: Asked,
  settings: Settings,
  env: Environment,
): Promise<Plan> {
  const { base, head, changelog, evals, onlyCanaries } = asked;
  const points = Math.max(1, Math.floor((60 * settings['row-hours']) / settings['minutes-per-point']));
  const all = planConfigs(asked.jobs, { points });
  const configs = onlyCanaries ? all.map((config) => ({ ...config, rows: [] })) : all;
  const { now, later } = share(configs, fleetOf(settings));
  return {
    ...{ schema: PLAN_SCHEMA, head, evals, part: 1, name: `ci-${env['GITHUB_RUN_ID'] ?? head.slice(0, 12)}` },
    ...(base === undefined ? {} : { base }),
    ...(changelog === undefined ? {} : { changelog }),
    ...{
      digest: digestOf(JSON.stringify([configs, await code(context, settings)])),
      configs: [...now],
      later: [...later],
    },
  };
}

/** All files but documents and the changelog: what decides how something is measured. */
async function code({ root, signal }: CommandContext, { changelog }: Settings): Promise<readonly string[]> {
  const files = await createGit(root, signal).files();
  return files.filter((file) => !file.endsWith('.md') && !file.endsWith(`\t${changelog}`));
}

function continued(earlier: Plan, settings: Settings): Plan | string {
  if (earlier.later.length === 0) return 'the run before has left nothing';
  const { now, later } = share(earlier.later, fleetOf(settings));
  return { ...earlier, part: earlier.part + 1, configs: [...now], later: [...later] };
}

function fleetOf(settings: Settings): Fleet {
  return {
    minutesPerPoint: settings['minutes-per-point'],
    enqueueHours: settings['enqueue-hours'],
    machines: settings.runners,
  };
}

/**
 * The run whose results are taken in place of a sweep: that of the pull request which was merged, if it was to measure exactly what
 * is asked for now. Without any of this it is swept anew.
 */
async function reusedRun(
  { root, logger }: CommandContext,
  { digest }: Plan,
  env: Environment,
): Promise<string | undefined> {
  const candidate = env['SWEEPLINE_REUSE'] ?? '';
  if (candidate === '') return undefined;
  const earlier = await readPlan(join(root, REUSED_PLAN)).catch(() => undefined);
  const isWhole = earlier?.part === 1 && earlier.later.length === 0 && earlier.configs.length > 0;
  if (isWhole && earlier.digest === digest) return candidate;
  logger.warn(`results of run ${candidate} are not taken: it was to measure something else`);
  return undefined;
}
