import { basename, join } from 'node:path';
import type { Command } from 'commander';
import { endLeft } from '../../end-left.js';
import { EXIT, formatError, formatStacks, SweeplineError } from '../../errors.js';
import { createLocalExecutor } from '../../launch/local-executor.js';
import { CLIENT_LIMITS } from '../../load/spec/client-limits.js';
import { globPattern } from '../../matrix/glob.js';
import type { PlannedPoint } from '../../plan/plan.js';
import { nameOfPoint, repeatsOf } from '../../plan/repeats.js';
import { sessionsOf } from '../../plan/sessions.js';
import { renderReport } from '../../report/index.js';
import { SUMMARY_FILE } from '../../report/save-summary.js';
import { writeReports } from '../../report/write-reports.js';
import { inOrderOf } from '../../results/in-order.js';
import { thisProcess } from '../../results/owner.js';
import { isOtherRepeat } from '../../results/repeats.js';
import { RUN_FILE } from '../../results/run-folder.js';
import type { RunInfo } from '../../results/run-schema.js';
import { estimateFrom, type Estimator } from '../../schedule/estimate.js';
import { forecast } from '../../schedule/forecast.js';
import { measuringOrder } from '../../schedule/measuring-order.js';
import { nodesListedFor } from '../../schedule/nodes-of.js';
import { beginRun, tellBegun } from '../../schedule/open-run.js';
import { pastResults } from '../../schedule/past-results.js';
import { digestsOf } from '../../schedule/resume.js';
import { tasksOf } from '../../schedule/tasks.js';
import { sweep, taskSettings, type SweepDeps, type SweepOutcome } from '../../sweep.js';
import type { App } from '../app.js';
import { conditionsOf } from '../conditions.js';
import { count } from '../count.js';
import { detach, tellRun } from '../detach.js';
import { forecastText } from '../dry-run.js';
import { markedSelection } from '../eval-options.js';
import { exitWith } from '../exit.js';
import { createGit } from '../git.js';
import { selectionOfMatrix } from '../matrix-file.js';
import { outcomeTable } from '../outcome-table.js';
import { exitCodeOf } from '../outcome-exit.js';
import { resultsElsewhere } from '../other-runs.js';
import { planSelection, type PlannedSelection } from '../planning.js';
import { earlierRun, resumeRun, type EarlierRun, type OpenedRun } from '../resuming.js';
import { resultsDirOf, timestamp } from '../run-folder.js';
import { selectJobs, type Selection } from '../selection.js';
import { jobsSince } from '../since.js';
import { sweepDefinition, type SweepOptions } from '../sweep-options.js';
import { createWatchers } from '../watchers.js';

export function sweepCommand(app: App): Command {
  return sweepDefinition().action(async (config: string[], options: SweepOptions, command: Command) =>
    exitWith(await runSweep(app, command, config, options)),
  );
}

async function runSweep(
  app: App,
  command: Command,
  config: readonly string[],
  options: SweepOptions,
): Promise<number> {
  const earlier = await earlierRun(app, command, options);
  if (options.detach) return detach(app, await resultsDirOf(app, options.resultsDir));
  const asked = earlier === undefined ? { command, config, options } : askedBy(earlier);
  const conditions = conditionsOf(asked.options, app);
  const selected = await selectionOf(app, asked);
  if (selected === undefined) return EXIT.ok;
  const planned = await planSelection(app, selected, conditions);
  const { configFiles, load } = planned;
  const all = repeatsOf(planned.points, asked.options.repeat);
  const { failFast = false, reuseServer = false } = asked.options;
  const where = await placesOf(app, planned, asked.options, earlier !== undefined);
  if (asked.options.dryRun) return dryRun(app, all, where, asked.options);
  const planner = await app.planner();
  const { metrics } = await app.registry();
  const { points, ...run } = await openRun(app, earlier, all, options);
  await using opened = run.opened;
  const { store, journal } = opened;
  const { order, repeats } = shuffleOf(
    all,
    asked.options,
    run.earlier?.run ?? { id: basename(store.folder) },
  );
  const names = inOrderOf(order, points).map(({ name }) => name);
  await tellBegun(journal, digestsOf(points), repeats && { seed: repeats.seed, names });
  tellRun(app, store.folder);
  const release = app.holdRun(join(store.folder, RUN_FILE));
  tellPlans(points, store.folder, app);
  const watchers = createWatchers(app, {
    ...{ store, journal, events: options.events },
    limits: { ...CLIENT_LIMITS, ...load.clientLimits },
    points,
    ...(run.earlier !== undefined && { earlier: run.earlier }),
  });
  const outcome = await sweep(
    points,
    {
      version: app.version,
      runId: basename(store.folder),
      process: await thisProcess(),
      command: { cwd: app.cwd, arguments: [...(await repeatable(app, asked.options))] },
      ...(run.earlier !== undefined && { earlier: run.earlier }),
      configFiles,
      ...(selected.changelog !== undefined && { changelog: selected.changelog }),
      metrics,
      store,
      env: app.env,
      logger: app.logger,
      load,
      budget: { hours: options.maxHours, nodeHours: options.maxNodeHours, failures: options.maxFailures },
      ...{ ...where, failFast, reuseServer, order },
      ...(repeats !== undefined && { repeats }),
      // The facts of a node may change its plan, but not the point's name.
      replan: ({ name, point, repeat, evals }, facts) => ({
        ...planner.plan(point, { ...conditions, facts }),
        name,
        ...(repeat && { repeat }),
        ...(evals && { evals }),
      }),
      onEvent: watchers.onEvent,
      onError: (error) => {
        if (app.verbose) app.logger.error(formatStacks(error));
      },
      now: () => new Date(),
    },
    app.signal,
  ).finally(watchers.stop);
  await watchers.end(outcome.run);
  release();
  tellOutcome(outcome, store.folder, options.json ?? false, app);
  if (outcome.failure !== undefined) throw outcome.failure;
  app.logger.info(`report:  ${join(store.folder, SUMMARY_FILE)}`);
  if (!app.signal.aborted) await writeReportsOf(store.folder, app);
  return exitCodeOf(outcome, options.allowInvalid ?? asked.options.allowInvalid);
}

/** The order of points that are measured several times each, which a run keeps when it is resumed. */
function shuffleOf(
  points: readonly PlannedPoint[],
  { repeat: count }: SweepOptions,
  { id, repeats }: Pick<RunInfo, 'id' | 'repeats'>,
): Pick<SweepDeps, 'repeats'> & { readonly order: readonly string[] } {
  if (count === 1) return { order: [] };
  const seed = repeats?.seed ?? id;
  return { order: measuringOrder(points, seed), repeats: { count, seed } };
}

/** Where sessions and clients run. */
interface Places extends Pick<SweepDeps, 'client' | 'otherRuns'> {
  readonly scheduling: Required<NonNullable<SweepDeps['scheduling']>>;
}

async function placesOf(
  app: App,
  { nodes, points }: PlannedSelection,
  { first = [], otherNodesThan: runs = [], resultsDir }: SweepOptions,
  isResumed: boolean,
): Promise<Places> {
  checkPatterns(first, points);
  const { place } = (await app.workspace()).config.client;
  let estimator: Promise<Estimator> | undefined;
  return {
    client: { place, controller: createLocalExecutor(), loadCommand: app.loadCommand },
    scheduling: {
      nodesOf: nodesListedFor(nodes),
      first,
      estimator: () => (estimator ??= resultsDirOf(app, resultsDir).then(pastResults).then(estimateFrom)),
    },
    otherRuns: await resultsElsewhere(app, { runs, resultsDir, points, isResumed }),
  };
}

/** @throws {SweeplineError} USAGE for a pattern without points: nothing would come first. */
function checkPatterns(patterns: readonly string[], points: readonly PlannedPoint[]): void {
  for (const pattern of patterns) {
    const expression = globPattern(pattern);
    if (points.some(({ name }) => expression.test(name))) continue;
    throw new SweeplineError('USAGE', `no point matches --first ${pattern}`, {
      hint: `A pattern stands for a whole name, such as ${points[0]?.name ?? ''}; * matches anything.`,
    });
  }
}

/** Says what a sweep would do. */
async function dryRun(
  app: App,
  points: readonly PlannedPoint[],
  places: Places,
  { reuseServer: reuse = false, failFast = false, json = false, ...options }: SweepOptions,
): Promise<number> {
  const { order, ...shuffled } = shuffleOf(points, options, { id: '' });
  const sessions = sessionsOf(inOrderOf(order, points), { reuse });
  const tasks = await tasksOf(sessions, taskSettings({ ...places, ...shuffled }), app.signal);
  const found = forecast(tasks, await places.scheduling.estimator(), failFast);
  app.terminal.stdout(json ? `${JSON.stringify(found, undefined, 2)}\n` : forecastText(found));
  return EXIT.ok;
}

/** A command line as it was given. */
interface Asked {
  readonly command: Command;
  readonly config: readonly string[];
  readonly options: SweepOptions;
}

/** What is to be measured, and asked; undefined where the changelog asks for nothing. */
async function selectionOf(app: App, asked: Asked): Promise<Selection | undefined> {
  const selection = await jobsOf(app, asked);
  return selection === undefined ? undefined : markedSelection(app, selection, asked.options);
}

async function jobsOf(app: App, { command, config, options }: Asked): Promise<Selection | undefined> {
  if (options.matrix !== undefined) return selectionOfMatrix(app, options.matrix, { command, config });
  if (options.since === undefined) {
    if (options.changelogFile === undefined) return selectJobs(app, config, options);
    throw new SweeplineError('USAGE', '--changelog-file is for --since', {
      hint: 'Name a revision with --since.',
    });
  }
  const selection = await jobsSince(app, command, config, options);
  if (selection === undefined) app.logger.info(`nothing was added to the changelog since ${options.since}`);
  return selection;
}

/** Arguments that select the same once more: a branch may have moved by then. */
async function repeatable({ args, cwd, signal }: App, { since }: SweepOptions): Promise<readonly string[]> {
  const given = args.slice(1);
  if (since === undefined) return given;
  const commit = await createGit(cwd, signal).commitOf(since);
  return given.map((argument, index) => {
    if (argument === `--since=${since}`) return `--since=${commit}`;
    return argument === since && given[index - 1] === '--since' ? commit : argument;
  });
}

/** The configs and options of a run's beginning. */
function askedBy(earlier: EarlierRun): Asked {
  const command = sweepDefinition().exitOverride();
  command.parse([...earlier.arguments], { from: 'user' });
  return { command, config: command.args, options: command.opts() };
}

/** A new run, or the one that is resumed, once what sweeps before it have left is ended. */
async function openRun(
  app: App,
  earlier: EarlierRun | undefined,
  points: readonly PlannedPoint[],
  options: SweepOptions,
): Promise<OpenedRun> {
  if (earlier !== undefined) return resumeRun(app, earlier, points, options);
  const resultsDir = await resultsDirOf(app, options.resultsDir);
  await endLeft({ resultsDir, resolveRunner: await app.runners(), logger: app.logger }, app.signal);
  return { opened: await beginRun(join(resultsDir, timestamp(new Date()))), points };
}

/** All points are planned before hours pass: those that can't be planned fail, the rest run. What is said of a point is said once. */
function tellPlans(points: readonly PlannedPoint[], folder: string, { logger, verbose }: App): void {
  const failed = points.flatMap((planned) => (planned.state === 'failed' ? [planned.error] : []));
  const error = SweeplineError.together(
    [...new Set(failed)],
    `${failed.length} of ${points.length} jobs can't be planned`,
  );
  if (error !== undefined) logger.error(verbose ? formatStacks(error) : formatError(error));
  const warnings = points.flatMap((planned) =>
    planned.warnings.map((warning) => `${nameOfPoint(planned)}: ${warning}`),
  );
  for (const warning of new Set(warnings)) logger.warn(warning);
  logger.info(`${count(points.length, 'point')}; results in ${folder}`);
}

function tellOutcome(outcome: SweepOutcome, folder: string, json: boolean, { terminal, logger }: App): void {
  terminal.stdout(json ? renderReport('json', outcome) : outcomeTable(outcome, terminal));
  logger.info(`results: ${folder}`);
  for (const result of outcome.results) {
    if (result.state !== 'completed' || result.withheld === undefined || isOtherRepeat(result)) continue;
    logger.warn(`${result.name} has no agg_*.json: ${result.withheld}`);
  }
}

/** Has plugins write their reports: if one fails, the results are still complete. */
async function writeReportsOf(folder: string, app: App): Promise<void> {
  const { reports, skus } = await app.registry();
  for (const one of await writeReports(reports, folder, { known: { skus }, signal: app.signal })) {
    if ('error' in one) app.logger.warn(`report ${one.name} failed: ${formatError(one.error)}`);
    else app.logger.info(`report:  ${one.path}`);
  }
}
