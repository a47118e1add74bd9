import { join } from 'node:path';
import { toSweeplineError, type SweeplineError } from '../errors.js';
import type { LoadSpec } from '../load/spec/spec.js';
import type { RunRecord } from '../load/records/record.js';
import { builtinMetrics } from '../metrics/builtin/index.js';
import { keepRun, type RunKeeper, type SweepOutcome } from '../report/keep-run.js';
import type { RawResult } from '../results/raw-result.js';
import { runBegun, type RunBeginning } from '../results/run-info.js';
import type { Result } from '../results/schema.js';
import { POINT_FILES } from '../results/point-files.js';
import type { Mask } from '../secrets.js';
import { endpointResult, type BenchOutcome, type BenchPoint } from './endpoint-result.js';

/** The outcome of a point, with benchmark_serving.py's result of its run. */
export type PointOutcome =
  { readonly run: RunRecord; readonly raw: RawResult } | { readonly error: SweeplineError };

export interface RunPointsDeps extends RunKeeper, Pick<RunBeginning, 'process'> {
  /** Sweepline's version. */
  readonly version: string;
  readonly runId: string;
  readonly mask: Mask;
  /** Runs a load, with its files in a folder. */
  readonly load: (point: BenchPoint, spec: LoadSpec, folder: string) => Promise<RunRecord>;
  /** benchmark_serving.py's result of a run. */
  readonly rawOf: (point: BenchPoint, run: RunRecord) => RawResult;
  readonly onStart: (point: BenchPoint, index: number) => void;
  readonly onEnd: (point: BenchPoint, result: Result, outcome: PointOutcome) => void | Promise<void>;
}

/**
 * Loads an endpoint with one point after another, and saves each as a sweep does. A point that fails costs only its own result; the run
 * ends early when `signal` is aborted, and when results can't be saved.
 */
export async function runPoints(
  points: readonly BenchPoint[],
  deps: RunPointsDeps,
  signal: AbortSignal,
): Promise<SweepOutcome> {
  const { runId: id, version: sweepline, now, process } = deps;
  const begun = runBegun({
    ...{ id, sweepline, configFiles: [], metrics: builtinMetrics },
    ...(process !== undefined && { process }),
    startedAt: now().toISOString(),
    pointNames: points.map(({ name }) => name),
  });
  return keepRun(begun, deps, signal, async ({ begins, ended }) => {
    for (const [index, point] of points.entries()) {
      if (signal.aborted) break;
      deps.onStart(point, index);
      begins(point.name);
      const { result, outcome } = await runPoint(point, deps);
      ended(result);
      await deps.onEnd(point, result, outcome);
    }
    return {};
  });
}

async function runPoint(
  point: BenchPoint,
  deps: RunPointsDeps,
): Promise<{ readonly result: Result; readonly outcome: PointOutcome }> {
  const { store, version, mask, now } = deps;
  const folder = await store.openPoint(point.name);
  const startedAt = now().toISOString();
  const ended = await outcomeOf(point, folder, deps);
  const outcome = 'run' in ended ? { ...ended, raw: deps.rawOf(point, ended.run) } : ended;
  const made = endpointResult(point, outcome, { version, startedAt, finishedAt: now().toISOString() });
  const raw = 'run' in outcome ? { [POINT_FILES.raw]: mask.data(outcome.raw) } : {};
  // The folder's name is the point's name.
  const masked = { ...mask.data(made), name: point.name };
  const { result } = await store.savePoint(masked, { json: raw, serverLogs: [], mask });
  return { result, outcome };
}

async function outcomeOf(point: BenchPoint, folder: string, { load }: RunPointsDeps): Promise<BenchOutcome> {
  const recordsFile = join(folder, POINT_FILES.records);
  const spec = { ...point.spec, output: { ...point.spec.output, recordsFile } };
  try {
    return { run: await load(point, spec, folder) };
  } catch (thrown) {
    return { error: toSweeplineError(thrown, 'LOAD_FAILED', { where: { job: point.name } }) };
  }
}
