import { dirname, join, resolve } from 'node:path';
import { Command } from 'commander';
import type { BenchOptions } from '../../bench/options.js';
import { percentilesOf } from '../../bench/percentiles.js';
import { profiled } from '../../bench/profiler.js';
import { checkResultFile, saveResult } from '../../bench/result.js';
import { baseUrlOf, specOf } from '../../bench/spec.js';
import { summaryOf } from '../../bench/summary.js';
import { EXIT, SweeplineError } from '../../errors.js';
import { createLocalExecutor } from '../../launch/local-executor.js';
import { CLIENT_LIMITS } from '../../load/spec/client-limits.js';
import type { RunRecord } from '../../load/records/record.js';
import { runLoadProcess } from '../../measure/run-process.js';
import type { LoadSpec } from '../../load/spec/spec.js';
import { builtinMetrics } from '../../metrics/builtin/index.js';
import { computeMetrics } from '../../metrics/compute.js';
import { deliveredOf } from '../../metrics/delivered.js';
import { isValidRun } from '../../metrics/marks.js';
import { checkWritable } from '../../results/store.js';
import type { App } from '../app.js';
import { checkArguments } from '../argparse.js';
import { addBenchOptions } from '../bench/options.js';
import { exitWith } from '../exit.js';
import { examples } from '../help.js';
import { invalidHead, tellMarks } from '../marks.js';
import { createLoadProgress } from '../progress.js';
import { withTemporaryFolder } from '../temporary-folder.js';

export function benchCommand(app: App): Command {
  const command = new Command('bench');
  return addBenchOptions(command)
    .addHelpText(
      'after',
      examples(
        'sweepline bench --base-url http://127.0.0.1:8000 --model M --random-input-len 128 --random-output-len 32 \\',
        '  --max-concurrency 4 --num-prompts 40 --save-result --result-dir D --result-filename F.json',
        'sweepline bench --model M --dataset-name mooncake --dataset-path trace.jsonl --replay-speed 2',
      ),
    )
    .addHelpText('after', '\nA key in the environment variable OPENAI_API_KEY is sent as a bearer token.')
    .action(async (options: BenchOptions) => {
      checkArguments(command, app.args);
      exitWith(await runBench(app, options));
    });
}

async function runBench(app: App, options: BenchOptions): Promise<number> {
  // Now, and not after hours of measuring.
  if (options.saveResult) await checkResultFile(app, options);
  const run = await load(app, options);
  const metrics = computeMetrics(run, builtinMetrics);
  const percentiles = percentilesOf(run, options);
  app.terminal.stdout(`${invalidHead(run)}${summaryOf(run, metrics, percentiles)}`);
  tellMarks(app.logger, run);
  if (options.saveResult) await saveResult(app, options, run, metrics, percentiles);
  if (deliveredOf(run).failed > 0 || !run.complete) return EXIT.jobFailed;
  return isValidRun(run) || options.allowInvalid ? EXIT.ok : EXIT.resultInvalid;
}

/** Runs the load in a process of its own, with files that are gone afterwards but for those to be kept. */
async function load(app: App, options: BenchOptions): Promise<RunRecord> {
  const kept = options.keepRecords === undefined ? undefined : resolve(app.cwd, options.keepRecords);
  if (kept !== undefined) await checkWritable(dirname(kept));
  try {
    return await withTemporaryFolder('bench', async (folder) => {
      const spec = await specOf(app, options, kept ?? join(folder, 'records.jsonl'));
      const run = () => runSpec(app, options, spec, folder);
      return options.profile ? profiled(app, baseUrlOf(options), run) : run();
    });
  } catch (error) {
    throw error instanceof SweeplineError && error.code === 'INTERRUPTED' ? stopped(error, kept) : error;
  }
}

/** With what becomes of the part that was measured. */
function stopped(cause: SweeplineError, kept: string | undefined): SweeplineError {
  const hint =
    kept === undefined
      ? '--keep-records would keep what was measured of a load that is stopped'
      : `For what was measured until then: sweepline metrics recompute ${kept}`;
  return new SweeplineError('INTERRUPTED', cause.message, { cause, hint });
}

async function runSpec(
  app: App,
  { disableTqdm }: BenchOptions,
  spec: LoadSpec,
  folder: string,
): Promise<RunRecord> {
  const limits = { ...CLIENT_LIMITS, ...spec.clientLimits };
  const progress = createLoadProgress(app.terminal, { limits });
  const onProgress = disableTqdm ? () => {} : progress.onProgress;
  const onWarning = (message: string): void => app.logger.warn(message);
  const files = { command: app.loadCommand, specFile: join(folder, 'load.json'), onProgress, onWarning };
  return runLoadProcess(spec, createLocalExecutor(), files, app.signal).finally(progress.end);
}
