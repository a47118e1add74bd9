import { dirname, join, resolve } from 'node:path';
import { endpointResult, pointName, type BenchPoint } from '../../bench/endpoint-result.js';
import type { BenchArguments, BenchOptions } from '../../bench/options.js';
import { percentilesOf } from '../../bench/percentiles.js';
import { resultJson, savesResult, saveResult } from '../../bench/result.js';
import { specOf } from '../../bench/spec.js';
import { summaryOf } from '../../bench/summary.js';
import { EXIT, SweeplineError } from '../../errors.js';
import type { RunRecord } from '../../load/records/record.js';
import { builtinMetrics } from '../../metrics/builtin/index.js';
import { computeMetrics } from '../../metrics/compute.js';
import { deliveredOf } from '../../metrics/delivered.js';
import { isValidRun } from '../../metrics/marks.js';
import { renderReport, type ReportInput } from '../../report/index.js';
import { POINT_FILES } from '../../results/point-files.js';
import { runBegun, runEnded } from '../../results/run-info.js';
import { checkWritable } from '../../results/store.js';
import type { App } from '../app.js';
import { invalidHead, tellMarks } from '../marks.js';
import { timestamp } from '../run-folder.js';
import { withTemporaryFolder } from '../temporary-folder.js';
import { runBenchLoad } from './load.js';

/** Measures one point, prints the result, and keeps only the files that were requested. */
export async function runOne(app: App, args: BenchArguments, options: BenchOptions): Promise<number> {
  const startedAt = new Date();
  const { point, run } = await load(app, options);
  const metrics = computeMetrics(run, builtinMetrics);
  const percentiles = percentilesOf(run, options);
  const result = resultJson(options, run, metrics, percentiles);
  if (args.json) app.terminal.stdout(`${JSON.stringify(result)}\n`);
  else if (args.csv) app.terminal.stdout(renderReport('csv', reportOf(app, point, run, startedAt)));
  else
    app.terminal.stdout(`${invalidHead(run)}${summaryOf(run, metrics, percentiles, app.terminal.columns)}`);
  tellMarks(app.logger, run);
  if (savesResult(options)) await saveResult(app, options, run, result);
  if (deliveredOf(run).failed > 0 || !run.complete) return EXIT.jobFailed;
  return isValidRun(run) || options.allowInvalid ? EXIT.ok : EXIT.resultInvalid;
}

/** A run of one point, in the form that reports take. */
function reportOf({ version }: App, point: BenchPoint, run: RunRecord, startedAt: Date): ReportInput {
  const finishedAt = new Date();
  const times = { version, startedAt: startedAt.toISOString(), finishedAt: finishedAt.toISOString() };
  const begun = runBegun({
    ...{ id: timestamp(startedAt), sweepline: version, startedAt: times.startedAt },
    ...{ configFiles: [], pointNames: [point.name], metrics: builtinMetrics },
  });
  return { run: runEnded(begun, finishedAt, 'finished'), results: [endpointResult(point, { run }, times)] };
}

/** Runs the load; afterwards removes its files except those to keep. */
async function load(
  app: App,
  options: BenchOptions,
): Promise<{ readonly point: BenchPoint; readonly run: RunRecord }> {
  const kept = options.keepRecords === undefined ? undefined : resolve(app.cwd, options.keepRecords);
  if (kept !== undefined) await checkWritable(dirname(kept));
  try {
    return await withTemporaryFolder('bench', async (folder) => {
      const spec = await specOf(app, options, kept ?? join(folder, POINT_FILES.records));
      const run = await runBenchLoad(app, options, spec, folder);
      return { point: { name: pointName(options, spec), options, spec }, run };
    });
  } catch (error) {
    throw error instanceof SweeplineError && error.code === 'INTERRUPTED' ? stopped(error, kept) : error;
  }
}

/** Adds what happens to the part that was measured. */
function stopped(cause: SweeplineError, kept: string | undefined): SweeplineError {
  const hint =
    kept === undefined
      ? 'use --keep-records to keep the measurements of a stopped load'
      : `To see what was measured until then: sweepline metrics recompute ${kept}`;
  return new SweeplineError('INTERRUPTED', cause.message, { cause, hint });
}
