import { basename, join } from 'node:path';
import { Command } from 'commander';
import { formatError, formatStacks, SweeplineError } from '../../errors.js';
import { CLIENT_LIMITS } from '../../load/spec/client-limits.js';
import type { PlannedPoint } from '../../plan/plan.js';
import { renderReport } from '../../report/index.js';
import { thisProcess } from '../../results/owner.js';
import { RUN_FILE } from '../../results/run-folder.js';
import { openRunStore } from '../../results/store.js';
import { REPORT_FILE } from '../../report/save-summary.js';
import { writeReports, type WrittenReport } from '../../report/write-reports.js';
import { endLeft } from '../../end-left.js';
import { sweep } from '../../sweep.js';
import type { App } from '../app.js';
import { conditionsOf, withCompat, type ConditionOptions } from '../conditions.js';
import { createLocalExecutor } from '../../launch/local-executor.js';
import { exitWith } from '../exit.js';
import { exitCodeOf } from '../outcome-exit.js';
import { examples } from '../help.js';
import { count } from '../count.js';
import { allowInvalidOption } from '../options.js';
import { planSelection } from '../planning.js';
import { withSelection, type SelectionOptions } from '../selection.js';
import { outcomeTable } from '../outcome-table.js';
import { createProgress } from '../progress.js';
import { resultsDirOf, timestamp } from '../run-folder.js';

interface SweepOptions extends SelectionOptions, ConditionOptions {
  readonly resultsDir?: string;
  readonly json?: boolean;
  readonly allowInvalid?: boolean;
  readonly reuseServers?: boolean;
}

export function sweepCommand(app: App): Command {
  return withCompat(withSelection(new Command('sweep')))
    .argument('[config...]', "files, folders and globs; default: the workspace's default-configs")
    .option('--results-dir <folder>', "where to make the run's folder; default: the workspace's results-dir")
    .option('--reuse-servers', 'points with equal plans share a server; default: each has its own')
    .option('--json', 'print the results as JSON instead of a table')
    .addOption(allowInvalidOption())
    .addHelpText(
      'after',
      examples(
        'sweepline sweep',
        'sweepline sweep configs/local.yaml --max-conc 2',
        'nx run core:sweep --max-conc 2',
      ),
    )
    .action(async (config: string[], options: SweepOptions) =>
      exitWith(await runSweep(app, config, options)),
    );
}

async function runSweep(app: App, config: readonly string[], options: SweepOptions): Promise<number> {
  const conditions = conditionsOf(options, app);
  const { configFiles, points, load } = await planSelection(app, config, options, conditions);
  const planner = await app.planner();
  const { metrics, reports } = await app.registry();
  const resultsDir = await resultsDirOf(app, options.resultsDir);
  await endLeft({ resultsDir, resolveRunner: await app.runners(), logger: app.logger }, app.signal);
  const store = await openRunStore(join(resultsDir, timestamp(new Date())));
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
  const outcome = await sweep(
    points,
    {
      version: app.version,
      runId: basename(store.folder),
      process: await thisProcess(),
      configFiles,
      metrics,
      store,
      client: { place, controller: createLocalExecutor(), loadCommand: app.loadCommand },
      env: app.env,
      logger: app.logger,
      load,
      reuseServers: options.reuseServers ?? false,
      // The facts of a node may change its plan, but not the point's name.
      replan: ({ name, point }, facts) => ({ ...planner.plan(point, { ...conditions, facts }), name }),
      onEvent: progress.onEvent,
      onError: (error) => {
        if (app.verbose) app.logger.error(formatStacks(error));
      },
      now: () => new Date(),
    },
    app.signal,
  ).finally(progress.end);
  release();
  app.terminal.stdout(options.json ? renderReport('json', outcome) : outcomeTable(outcome, app.terminal));
  app.logger.info(`results: ${store.folder}`);
  for (const result of outcome.results) {
    if (result.state !== 'completed' || result.withheld === undefined) continue;
    app.logger.warn(`${result.name} has no agg_*.json: ${result.withheld}`);
  }
  if (outcome.failure !== undefined) throw outcome.failure;
  app.logger.info(`report:  ${join(store.folder, REPORT_FILE)}`);
  if (!app.signal.aborted) tellReports(await writeReports(reports, store.folder, app.signal), app);
  return exitCodeOf(outcome, options.allowInvalid);
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

/** Reports of plugins: if one fails, the results are still complete. */
function tellReports(written: readonly WrittenReport[], { logger }: App): void {
  for (const one of written) {
    if ('error' in one) logger.warn(`report ${one.name} failed: ${formatError(one.error)}`);
    else logger.info(`report:  ${one.folder}`);
  }
}
