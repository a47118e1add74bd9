import type { SweeplineError } from './errors.js';
import type { LoadProgress } from './load/records/progress.js';
import { encodeRunRecord } from './load/records/records.js';
import type { Logger } from './logger.js';
import {
  maskFor,
  measurePoint,
  type Measurement,
  type MeasureDeps,
  type Phase,
} from './measure/measure-point.js';
import { filesRestored } from './metrics/marks/logs.js';
import type { Mark } from './metrics/marks/mark.js';
import type { PlannedPoint } from './plan/plan.js';
import type { MetricPlugin } from './plugin/metric.js';
import { resultOf } from './results/result.js';
import type { Result } from './results/schema.js';
import type { RunStore } from './results/store.js';

/** What is reported of a point while it is measured. */
export type PointEvent =
  | { readonly type: 'phase'; readonly name: string; readonly phase: Phase }
  | { readonly type: 'load'; readonly name: string; readonly progress: LoadProgress }
  | { readonly type: 'warning'; readonly name: string; readonly message: string };

export interface PointDeps {
  /** Sweepline's. */
  readonly version: string;
  readonly metrics: readonly MetricPlugin[];
  readonly store: RunStore;
  /** Argv that starts a load process, without its spec. */
  readonly loadCommand: MeasureDeps['loadCommand'];
  /** What the workspace says about loads. */
  readonly load?: MeasureDeps['load'];
  readonly replan: MeasureDeps['replan'];
  /** Environment of this process: its secrets are in nothing that is published. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly logger: Logger;
  readonly onEvent: (event: PointEvent) => void;
  /** What a point failed of, before it is cut down to what a result says of it. */
  readonly onError?: (error: SweeplineError) => void;
  readonly now: () => Date;
}

/** Measures a point and saves whatever came of it. */
export async function sweepPoint(
  planned: PlannedPoint,
  deps: PointDeps,
  signal: AbortSignal,
): Promise<Result> {
  const { name } = planned;
  const { version, metrics, store, loadCommand, replan, load, now, onEvent } = deps;
  const startedAt = now().toISOString();
  const workDir = await store.openPoint(name);
  const mask = maskFor(planned, deps.env);
  const onPhase = (phase: Phase): void => onEvent({ type: 'phase', name, phase });
  const onProgress = (progress: LoadProgress): void => onEvent({ type: 'load', name, progress });
  const onWarning = (message: string): void => onEvent({ type: 'warning', name, message });

  const reports = { onPhase, onProgress, onWarning, mask };
  const seen = await measurePoint(planned, workDir, { loadCommand, replan, load, ...reports }, signal);
  if ('error' in seen.outcome) deps.onError?.(seen.outcome.error);
  // Before anything is cut out of them: a part of a secret is not found any more.
  const measured = { ...seen, logs: mask.data(seen.logs), stallLogs: mask.data(seen.stallLogs) };
  const marks = await restoreFiles(measured, planned, deps);
  const finishedAt = now().toISOString();
  const made = resultOf(planned, measured, { version, startedAt, finishedAt, metrics, marks });
  // Its name is the folder's.
  const result = { ...mask.data(made.result), name };
  onPhase('save');
  await store.savePoint(result, {
    json: mask.data({ 'plan.json': made.plan, ...(made.raw !== undefined && { 'raw.json': made.raw }) }),
    serverLogs: measured.logs.flatMap(({ file, problem }) => (problem === undefined ? [file] : [])),
    mask,
  });
  return result;
}

/** Writes the point's files again that whoever gave the node has removed, from what was read of them. */
async function restoreFiles(
  { outcome, logs }: Measurement,
  { name, runner }: PlannedPoint,
  { store, logger }: PointDeps,
): Promise<readonly Mark[]> {
  const restored = await store.restorePoint(name, {
    ...('run' in outcome ? { 'records.jsonl': () => encodeRunRecord(outcome.run) } : {}),
    ...Object.fromEntries(logs.flatMap(({ file, text }) => (text === undefined ? [] : [[file, () => text]]))),
  });
  if (restored.length === 0) return [];
  const mark = filesRestored(runner.launcher().plugin.name, restored);
  logger.warn(`${name}: ${mark.message}`);
  return [mark];
}
