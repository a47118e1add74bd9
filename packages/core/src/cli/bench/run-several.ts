import { basename, join } from 'node:path';
import { pointName, type BenchPoint } from '../../bench/endpoint-result.js';
import { accessOf } from '../../bench/headers.js';
import type { BenchArguments, BenchOptions } from '../../bench/options.js';
import { percentilesOf } from '../../bench/percentiles.js';
import { resultJson, savesResult, saveResult } from '../../bench/result.js';
import { runPoints, type PointOutcome } from '../../bench/run-points.js';
import { specOf } from '../../bench/spec.js';
import { SweeplineError } from '../../errors.js';
import type { RunRecord } from '../../load/records/record.js';
import { builtinMetrics } from '../../metrics/builtin/index.js';
import { computeMetrics } from '../../metrics/compute.js';
import { renderReport, type ReportInput } from '../../report/index.js';
import { SUMMARY_FILE } from '../../report/save-summary.js';
import { thisProcess } from '../../results/owner.js';
import { POINT_FILES } from '../../results/point-files.js';
import type { RawResult } from '../../results/raw-result.js';
import { RUN_FILE } from '../../results/run-folder.js';
import type { Result } from '../../results/schema.js';
import { openRunStore } from '../../results/store.js';
import { createMask, secretsIn } from '../../secrets.js';
import type { App } from '../app.js';
import { count } from '../count.js';
import { exitCodeOf } from '../outcome-exit.js';
import { outcomeTable } from '../outcome-table.js';
import { describeResult } from '../progress.js';
import { resultsDirOf, timestamp } from '../run-folder.js';
import { runBenchLoad } from './load.js';
import { warnOfRepeats } from './repeats.js';

/** Measures one point after another, and writes the folder of a run, as a sweep does. */
export async function runSeveral(
  app: App,
  args: BenchArguments,
  options: readonly BenchOptions[],
): Promise<number> {
  check(args, options);
  const points = await Promise.all(options.map((one) => pointOf(app, one)));
  const [first, ...others] = options;
  if (first !== undefined && others.length > 0) warnOfRepeats(app, first, 'points');
  const store = await openRunStore(join(await resultsDirOf(app, args.resultsDir), timestamp(new Date())));
  const release = app.holdRun(join(store.folder, RUN_FILE));
  app.logger.info(`${count(points.length, 'point')}; results in ${store.folder}`);
  const printed: RawResult[] = [];
  const outcome = await runPoints(
    points,
    {
      ...{ store, version: app.version, runId: basename(store.folder), logger: app.logger },
      process: await thisProcess(),
      mask: createMask([...secretsIn(app.env), ...accessOf(args, app.env).secrets]),
      now: () => new Date(),
      load: (point, spec, folder) => runBenchLoad(app, point.options, spec, folder),
      rawOf: (point, run) => rawOf(point.options, run),
      onStart: ({ name }, index) => app.logger.info(`[${index + 1}/${points.length}] ${name}`),
      async onEnd(point, result, ended) {
        app.logger.info(`  ${describeResult(result)}`);
        if (args.json) printed.push(elementOf(point, result, ended));
        if (savesResult(point.options) && 'run' in ended)
          await saveResult(app, point.options, ended.run, ended.raw);
      },
    },
    app.signal,
  );
  release();
  print(app, args, outcome, printed);
  app.logger.info(`results: ${store.folder}`);
  if (outcome.failure !== undefined) throw outcome.failure;
  app.logger.info(`report:  ${join(store.folder, SUMMARY_FILE)}`);
  return exitCodeOf(outcome, args.allowInvalid);
}

/** @throws {SweeplineError} USAGE for options that work only with one point. */
function check(
  { keepRecords, resultFilename, appendResult }: BenchArguments,
  points: readonly unknown[],
): void {
  if (keepRecords !== undefined) {
    throw new SweeplineError('USAGE', '--keep-records works only without a run folder', {
      hint: `The folder of each point has ${POINT_FILES.records}.`,
    });
  }
  if (!resultFilename || appendResult || points.length === 1) return;
  throw new SweeplineError(
    'USAGE',
    `--result-filename names one file, but there are ${points.length} points`,
    {
      hint: 'Leave it out, or add --append-result to write one line per point.',
    },
  );
}

/** Checks all points before any load runs, so that a mistake in one of them is reported at once. */
async function pointOf(app: App, options: BenchOptions): Promise<BenchPoint> {
  const spec = await specOf(app, options, POINT_FILES.records);
  return { name: pointName(options, spec), options, spec };
}

function rawOf(options: BenchOptions, run: RunRecord): RawResult {
  return resultJson(options, run, computeMetrics(run, builtinMetrics), percentilesOf(run, options));
}

/** The object of a point for --json. If no load ran, it has the reason instead of numbers. */
function elementOf({ options }: BenchPoint, result: Result, outcome: PointOutcome): RawResult {
  if ('run' in outcome) return outcome.raw;
  const { model, requestRate, maxConcurrency } = options;
  return {
    model_id: model,
    request_rate: requestRate === Infinity ? 'inf' : requestRate,
    max_concurrency: maxConcurrency ?? null,
    sweepline: { valid: false, state: result.state, ...('error' in result && { error: result.error }) },
  };
}

function print(
  app: App,
  { json, csv }: BenchArguments,
  outcome: ReportInput,
  printed: readonly RawResult[],
): void {
  const { stdout } = app.terminal;
  const [only, ...others] = printed;
  // One point gives one object, with or without a folder.
  const shown = outcome.run.points === 1 && others.length === 0 && only !== undefined ? only : printed;
  if (json) stdout(`${JSON.stringify(shown)}\n`);
  else stdout(csv ? renderReport('csv', outcome) : outcomeTable(outcome, app.terminal));
}
