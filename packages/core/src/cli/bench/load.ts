import { join } from 'node:path';
import { baseUrlOf } from '../../bench/spec.js';
import { createAsker } from '../../bench/asker.js';
import { accessOf } from '../../bench/headers.js';
import type { BenchOptions } from '../../bench/options.js';
import { profiled } from '../../bench/profiler.js';
import { createLocalExecutor } from '../../launch/local-executor.js';
import type { LoadProgress } from '../../load/records/progress.js';
import type { RunRecord } from '../../load/records/record.js';
import { CLIENT_LIMITS } from '../../load/spec/client-limits.js';
import type { LoadSpec } from '../../load/spec/spec.js';
import { runLoadProcess } from '../../measure/run-process.js';
import { POINT_FILES } from '../../results/point-files.js';
import type { App } from '../app.js';
import { createLoadProgress } from '../progress.js';

/** Others that watch a load, and may end it. */
export interface LoadWatch {
  readonly onProgress: (progress: LoadProgress) => void;
  readonly signal: AbortSignal;
}

/** Runs a load in its own process, under the server's profiler if requested, and shows its progress. */
export function runBenchLoad(
  app: App,
  options: BenchOptions,
  spec: LoadSpec,
  folder: string,
  watch?: LoadWatch,
): Promise<RunRecord> {
  const run = () => runSpec(app, options, spec, folder, watch);
  if (!options.profile) return run();
  const asker = createAsker(baseUrlOf(options), accessOf(options, app.env), options);
  return profiled({ asker, logger: app.logger, signal: app.signal }, run);
}

async function runSpec(
  app: App,
  options: BenchOptions,
  spec: LoadSpec,
  folder: string,
  watch: LoadWatch | undefined,
): Promise<RunRecord> {
  const limits = { ...CLIENT_LIMITS, ...spec.clientLimits };
  const progress = createLoadProgress(app.terminal, { limits });
  const onProgress = (event: LoadProgress): void => {
    watch?.onProgress(event);
    if (options.disableTqdm !== true) progress.onProgress(event);
  };
  const onWarning = (message: string): void => app.logger.warn(message);
  const { env } = accessOf(options, app.env);
  const specFile = join(folder, POINT_FILES.load);
  const how = { command: app.loadCommand, env, specFile, onProgress, onWarning };
  return runLoadProcess(spec, createLocalExecutor(), how, watch?.signal ?? app.signal).finally(progress.end);
}
