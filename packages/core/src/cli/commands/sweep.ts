import { basename, join } from 'node:path';
import { Command, Option } from 'commander';
import { formatError, formatStacks, SweeplineError } from '../../errors.js';
import { CLIENT_LIMITS } from '../../load/spec/client-limits.js';
import type { PlannedPoint } from '../../plan/plan.js';
import { renderReport } from '../../report/index.js';
import { thisProcess } from '../../results/owner.js';
import { RUN_FILE } from '../../results/run-folder.js';
import { REPORT_FILE } from '../../report/save-summary.js';
import { writeReports, type WrittenReport } from '../../report/write-reports.js';
import { endLeft } from '../../end-left.js';
import { beginRun, tellBegun } from '../../schedule/open-run.js';
import { AGAIN, digestsOf } from '../../schedule/resume.js';
import { sweep, type SweepOutcome } from '../../sweep.js';
import type { App } from '../app.js';
import { conditionsOf, withCompat, type ConditionOptions } from '../conditions.js';
import { createLocalExecutor } from '../../launch/local-executor.js';
import { exitWith } from '../exit.js';
import { exitCodeOf } from '../outcome-exit.js';
import { examples } from '../help.js';
import { count } from '../count.js';
import { allowInvalidOption, positiveInteger, positiveNumber } from '../options.js';
import { planSelection } from '../planning.js';
import { withSelection, type SelectionOptions } from '../selection.js';
import { outcomeTable } from '../outcome-table.js';
import { detach, tellRun } from '../detach.js';
import { createEventFile } from '../event-file.js';
import { createProgress } from '../progress.js';
import { earlierRun, resumeRun, type EarlierRun, type OpenedRun, type ResumeOptions } from '../resuming.js';
import { resultsDirOf, timestamp } from '../run-folder.js';

interface SweepOptions extends SelectionOptions, ConditionOptions, ResumeOptions {
  readonly json?: boolean;
  readonly allowInvalid?: boolean;
  readonly reuseServers?: boolean;
  readonly detach?: boolean;
  readonly maxHours?: number;
  readonly maxFailures?: number;
  readonly events?: string;
}

export function sweepCommand(app: App): Command {
  return definition().action(async (config: string[], options: SweepOptions, command: Command) =>
    exitWith(await runSweep(app, command, config, options)),
  );
}

function definition(): Command {
  return withCompat(withSelection(new Command('sweep')))
    .argument('[config...]', "files, folders and globs; default: the workspace's default-configs")
    .option('--results-dir <folder>', "where to make the run's folder; default: the workspace's results-dir")
    .option('--reuse-servers', 'points with equal plans share a server; default: each has its own')
    .option(
      '--resume <run>',
      'go on with a run that has ended early: its folder, or its name among the results',
    )
    .addOption(
      new Option('--again <which...>', 'with --resume, points with a result that are measured again').choices(
        AGAIN,
      ),
    )
    .option(
      '--take-over',
      'with --resume, although it can not be seen whether the process of the run has ended',
    )
    .option('--detach', 'return once the run has begun; neither this terminal nor its end stops it then')
    .option('--max-hours <hours>', 'begin no server after this time', positiveNumber)
    .option('--max-failures <n>', 'begin no server once so many points have failed', positiveInteger)
    .option('--events <file>', 'append what happens, as JSON lines, to a file or a pipe')
    .option('--json', 'print the results as JSON instead of a table')
    .addOption(allowInvalidOption())
    .addHelpText(
      'after',
      examples(
        'sweepline sweep',
        'sweepline sweep configs/local.yaml --max-conc 2',
        'sweepline sweep --resume 20260101T120000.000Z',
        'nx run core:sweep --max-conc 2',
      ),
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
  const asked = earlier === undefined ? { config, options } : askedBy(earlier);
  const conditions = conditionsOf(asked.options, app);
  const selection = await planSelection(app, asked.config, asked.options, conditions);
  const { configFiles, load } = selection;
  const planner = await app.planner();
  const { metrics, reports } = await app.registry();
  const { points, ...run } = await openRun(app, earlier, selection.points, options);
  await using opened = run.opened;
  const { store, journal } = opened;
  await tellBegun(journal, digestsOf(points));
  tellRun(app, store.folder);
  const release = app.holdRun(join(store.folder, RUN_FILE));
  tellFailed(points, app);
  for (const { name, warnings } of points) {
    for (const warning of warnings) app.logger.warn(`${name}: ${warning}`);
  }
  app.logger.info(`${count(points.length, 'point')}; results in ${store.folder}`);
  const { place } = (await app.workspace()).config.client;
  const progress = createProgress(app.terminal, {
    limits: { ...CLIENT_LIMITS, ...load.clientLimits },
    measured: points.filter(({ state }) => state === 'planned').length,
  });
  const events = createEventFile(app, options.events, basename(store.folder));
  events.begun(points.length);
  const outcome = await sweep(
    points,
    {
      version: app.version,
      runId: basename(store.folder),
      process: await thisProcess(),
      command: { cwd: app.cwd, arguments: app.args.slice(1) },
      ...(run.earlier !== undefined && { earlier: run.earlier }),
      configFiles,
      metrics,
      store,
      client: { place, controller: createLocalExecutor(), loadCommand: app.loadCommand },
      env: app.env,
      logger: app.logger,
      load,
      budget: { hours: options.maxHours, failures: options.maxFailures },
      reuseServers: asked.options.reuseServers ?? false,
      // The facts of a node may change its plan, but not the point's name.
      replan: ({ name, point }, facts) => ({ ...planner.plan(point, { ...conditions, facts }), name }),
      onEvent(event) {
        progress.onEvent(event);
        events.onEvent(event);
      },
      onError: (error) => {
        if (app.verbose) app.logger.error(formatStacks(error));
      },
      now: () => new Date(),
    },
    app.signal,
  ).finally(progress.end);
  await events.ended(outcome.run);
  release();
  tellOutcome(outcome, store.folder, options.json ?? false, app);
  if (outcome.failure !== undefined) throw outcome.failure;
  app.logger.info(`report:  ${join(store.folder, REPORT_FILE)}`);
  if (!app.signal.aborted) tellReports(await writeReports(reports, store.folder, app.signal), app);
  return exitCodeOf(outcome, options.allowInvalid ?? asked.options.allowInvalid);
}

/** The configs and options of a run's beginning. */
function askedBy(earlier: EarlierRun): {
  readonly config: readonly string[];
  readonly options: SweepOptions;
} {
  const command = definition().exitOverride();
  command.parse([...earlier.arguments], { from: 'user' });
  return { config: command.args, options: command.opts() };
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

/** Plans all points before hours pass: those that can't be planned fail, the rest run. */
function tellFailed(points: readonly PlannedPoint[], { logger, verbose }: App): void {
  const problems = points.flatMap((planned) => (planned.state === 'failed' ? [planned.error] : []));
  const error = SweeplineError.together(
    problems,
    `${problems.length} of ${points.length} jobs can't be planned`,
  );
  if (error !== undefined) logger.error(verbose ? formatStacks(error) : formatError(error));
}

function tellOutcome(outcome: SweepOutcome, folder: string, json: boolean, { terminal, logger }: App): void {
  terminal.stdout(json ? renderReport('json', outcome) : outcomeTable(outcome, terminal));
  logger.info(`results: ${folder}`);
  for (const result of outcome.results) {
    if (result.state !== 'completed' || result.withheld === undefined) continue;
    logger.warn(`${result.name} has no agg_*.json: ${result.withheld}`);
  }
}

/** Reports of plugins: if one fails, the results are still complete. */
function tellReports(written: readonly WrittenReport[], { logger }: App): void {
  for (const one of written) {
    if ('error' in one) logger.warn(`report ${one.name} failed: ${formatError(one.error)}`);
    else logger.info(`report:  ${one.folder}`);
  }
}
