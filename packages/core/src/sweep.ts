import { join } from 'node:path';
import { messageOf, toSweeplineError, type SweeplineError } from './errors.js';
import { encodeRunRecord } from './load/records/records.js';
import type { Logger } from './logger.js';
import type { LoadProgress } from './load/records/progress.js';
import type { RunRecord } from './load/records/record.js';
import {
  maskFor,
  measurePoint,
  type Measurement,
  type MeasureDeps,
  type Phase,
} from './measure/measure-point.js';
import { hardwareMarks } from './metrics/marks/hardware.js';
import { filesRestored, logMarks } from './metrics/marks/logs.js';
import { note, type Mark } from './metrics/marks/mark.js';
import { withStallLogs } from './metrics/marks/stall-log.js';
import { devicesIn } from './plan/devices.js';
import type { PlannedPoint } from './plan/plan.js';
import { failedPlan, printPlan, type PrintedPlan } from './plan/print.js';
import type { MetricOutput, MetricPlugin } from './plugin/metric.js';
import { renderReport } from './report/index.js';
import { collectRows } from './results/collect.js';
import { engineClaims, type EngineClaims } from './results/engine-claims.js';
import { outcomeOfError, outcomeOfRun, type Outcome } from './results/outcome.js';
import { promptsOf } from './results/provenance.js';
import { RESULT_SCHEMA, RUN_SCHEMA, type Provenance, type Result, type RunInfo } from './results/schema.js';
import type { RunStore } from './results/store.js';
import { withReason } from './results/withheld.js';

/** What a sweep tells while it runs. */
export type SweepEvent =
  | {
      readonly type: 'point-started';
      readonly planned: PlannedPoint;
      readonly index: number;
      readonly of: number;
    }
  | { readonly type: 'phase'; readonly name: string; readonly phase: Phase }
  | { readonly type: 'load'; readonly name: string; readonly progress: LoadProgress }
  | { readonly type: 'warning'; readonly name: string; readonly message: string }
  | { readonly type: 'point-ended'; readonly result: Result; readonly index: number; readonly of: number };

export interface SweepDeps {
  readonly version: string;
  readonly runId: string;
  readonly configFiles: readonly string[];
  /** The process that this runs in. */
  readonly process?: RunInfo['process'];
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
  readonly onEvent: (event: SweepEvent) => void;
  /** What a point failed of, before it is cut down to what a result says of it. */
  readonly onError?: (error: SweeplineError) => void;
  readonly now: () => Date;
}

export interface SweepOutcome {
  readonly run: RunInfo;
  /** One per point that was begun and saved, in order. */
  readonly results: readonly Result[];
  /** Points that were begun and could not be saved. */
  readonly begun?: readonly string[];
  /** Why the sweep ended early: results could not be saved any more. */
  readonly failure?: SweeplineError;
}

/** Port that printed plans show where none is fixed; InferenceX's. */
const PRINTED_PORT = 8888;

/**
 * Runs planned points one after another and saves each as it ends. A failing point becomes a `failed` result and the
 * sweep goes on. It ends early when `signal` is aborted (the running point is stopped and saved as interrupted) and when
 * results can't be saved: without a place for them there is no use in measuring on. What was saved before stays.
 */
export async function sweep(
  points: readonly PlannedPoint[],
  deps: SweepDeps,
  signal: AbortSignal,
): Promise<SweepOutcome> {
  const results: Result[] = [];
  const begun = describeRun(points, deps);
  let isOpen = false;
  try {
    await deps.store.saveRun(begun);
    isOpen = true;
    for await (const result of runPoints(points, deps, signal)) results.push(result);
    const run = signal.aborted
      ? ended(begun, deps, 'interrupted', 'stopped by a signal')
      : ended(begun, deps, 'finished');
    await saveSummary(deps.store, { run, results });
    return { run, results };
  } catch (thrown) {
    const failure = toSweeplineError(thrown, 'INTERNAL');
    const run = ended(begun, deps, 'failed', failure.message);
    const unsaved = isOpen ? points.slice(results.length, results.length + 1) : [];
    const outcome = { run, results, begun: unsaved.map(({ name }) => name) };
    await saveWhatFits(deps, outcome);
    return { ...outcome, failure };
  }
}

async function* runPoints(
  points: readonly PlannedPoint[],
  deps: SweepDeps,
  signal: AbortSignal,
): AsyncIterable<Result> {
  for (const [position, planned] of points.entries()) {
    if (signal.aborted) return;
    const place = { index: position + 1, of: points.length };
    deps.onEvent({ type: 'point-started', planned, ...place });
    const result = await runPoint(planned, deps, signal);
    deps.onEvent({ type: 'point-ended', result, ...place });
    yield result;
  }
}

function ended(run: RunInfo, { now }: SweepDeps, state: RunInfo['state'], reason?: string): RunInfo {
  return { ...run, state, finishedAt: now().toISOString(), ...(reason === undefined ? {} : { reason }) };
}

function describeRun(points: readonly PlannedPoint[], deps: SweepDeps): RunInfo {
  return {
    schema: RUN_SCHEMA,
    id: deps.runId,
    sweepline: deps.version,
    startedAt: deps.now().toISOString(),
    state: 'running',
    configFiles: [...deps.configFiles],
    points: points.length,
    pointNames: points.map(({ name }) => name),
    ...(deps.process === undefined ? {} : { process: deps.process }),
    outputs: deps.metrics.flatMap(({ name, outputs }) => outputs.map((output) => outputInfo(name, output))),
  };
}

/** Only the members that are known: a run that holds others could not be read back. */
function outputInfo(
  metric: string,
  { key, label, unit, better, definition, level }: MetricOutput,
): RunInfo['outputs'][number] {
  return { metric, key, label, unit, better, definition, ...(level === undefined ? {} : { level }) };
}

/** Measures a point and saves whatever came of it. */
async function runPoint(planned: PlannedPoint, deps: SweepDeps, signal: AbortSignal): Promise<Result> {
  const { name, point } = planned;
  const startedAt = deps.now().toISOString();
  const workDir = await deps.store.openPoint(name);
  const onPhase = (phase: Phase): void => deps.onEvent({ type: 'phase', name, phase });
  const onProgress = (progress: LoadProgress): void => deps.onEvent({ type: 'load', name, progress });
  const { loadCommand, replan, load } = deps;
  const mask = maskFor(planned, deps.env);
  const onWarning = (message: string): void => deps.onEvent({ type: 'warning', name, message });
  const tell = { onPhase, onProgress, onWarning, mask };
  const measured = await measurePoint(planned, workDir, { loadCommand, replan, load, ...tell }, signal);
  if ('error' in measured.outcome) deps.onError?.(measured.outcome.error);
  const measurement = { ...measured, logs: mask.data(measured.logs) };
  const lost = await restoreFiles(measurement, planned, deps);
  const claims = claimsOf(measurement);
  const marks = [...lost, ...claims.marks, ...hardwareMarks(measurement.findings)];
  const { fields, raw } = outcomeOf(planned, measurement, deps.metrics, marks);
  const found: Result = {
    schema: RESULT_SCHEMA,
    name,
    job: { ...point.job },
    concurrency: point.concurrency,
    startedAt,
    finishedAt: deps.now().toISOString(),
    provenance: provenanceOf(planned, measurement, deps.version, claims),
    ...fields,
  };
  const result = withReason({ ...mask.data(found), name }); // the folder's
  onPhase('save');
  await deps.store.savePoint(result, {
    json: mask.data({
      'plan.json': planFile(measurement.planned),
      ...(raw === undefined ? {} : { 'raw.json': raw }),
    }),
    serverLogs: measurement.logs.flatMap(({ file, problem }) => (problem === undefined ? [file] : [])),
    mask,
  });
  return result;
}

/** A plan that can't be printed, because a plugin fails at it, must not cost the point that was measured with it. */
function planFile(planned: PlannedPoint): PrintedPlan {
  try {
    return printPlan(planned, PRINTED_PORT);
  } catch (thrown) {
    return failedPlan(planned, toSweeplineError(thrown, 'PLAN_INVALID'));
  }
}

/** Writes the point's files again that whoever gave the node has removed, from what was read of them. */
async function restoreFiles(
  { outcome, logs }: Measurement,
  { name, runner }: PlannedPoint,
  { store, logger }: SweepDeps,
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

function outcomeOf(
  { point, runner, name }: PlannedPoint,
  { outcome, logs, stallLogs = [], planned }: Measurement,
  metrics: readonly MetricPlugin[],
  others: readonly Mark[],
): Outcome {
  if ('error' in outcome) return outcomeOfError(outcome.error, logs[0]?.text ?? logs[0]?.problem);
  const { run } = outcome;
  try {
    const { fields, ...raw } = outcomeOfRun(run, point.job, runner.sku.name, metrics, devicesIn(planned));
    if (fields.state !== 'completed') return { fields, ...raw };
    return {
      fields: {
        ...fields,
        marks: [
          ...withStallLogs(fields.marks, stallLogs),
          ...templateMarks(planned, run),
          ...logMarks(logs),
          ...others,
        ],
      },
      ...raw,
    };
  } catch (thrown) {
    return outcomeOfError(toSweeplineError(thrown, 'JOB_FAILED', { where: { job: name } }));
  }
}

/** The recipes of speculative decoding ask for a template, without which fewer tokens are accepted than chats would have. */
function templateMarks(planned: PlannedPoint, { spec: { prompts, endpoint } }: RunRecord): readonly Mark[] {
  if (planned.state !== 'planned' || planned.plan.kind !== 'serve') return [];
  const isApplied =
    endpoint.api === 'chat' || ('useChatTemplate' in prompts && prompts.useChatTemplate === true);
  if (isApplied || !planned.plan.client.chatTemplate) return [];
  const message =
    "prompts are not in the chat template that the recipe asks for, which takes the model's tokenizer";
  return [note('no-chat-template', message)];
}

function provenanceOf(
  { framework, runner }: PlannedPoint,
  { outcome, node }: Measurement,
  version: string,
  { intended, engine }: EngineClaims,
): Provenance {
  return {
    sweepline: version,
    ...('run' in outcome ? { client: outcome.run.client.name, ...promptsOf(outcome.run) } : {}),
    placement: { place: 'server-node', node: node?.name ?? 'none', path: 'loopback' },
    framework: { plugin: framework.plugin.name, package: framework.package, version: framework.version },
    ...(node === undefined
      ? {}
      : { hardware: { sku: runner.sku.name, node: node.name, facts: { ...node.facts } } }),
    ...(intended === undefined ? {} : { intended }),
    ...(engine === undefined ? {} : { engine }),
  };
}

/** What was planned, held against what the engine says; nothing of a point that was never planned. */
function claimsOf({ planned, logs, answers }: Measurement): EngineClaims {
  if (planned.state !== 'planned' || planned.plan.kind !== 'serve') return { marks: [] };
  const readable = logs.flatMap(({ text, ...log }) => (text === undefined ? [] : [{ ...log, text }]));
  const said = { logs: readable, http: answers };
  return engineClaims(planned.framework.plugin, planned.plan, planned.point.job, said);
}

/** After a failure to save: a report of what was saved before is worth a try, and not another error. */
async function saveWhatFits({ store, logger }: SweepDeps, outcome: SweepOutcome): Promise<void> {
  const warn = (file: string) => (thrown: unknown) => {
    logger.warn(`${file} could not be saved either: ${messageOf(thrown)}`);
  };
  await store.saveRun(outcome.run).catch(warn('run.json'));
  await saveSummary(store, outcome).catch(warn('the report'));
}

async function saveSummary(store: RunStore, outcome: SweepOutcome): Promise<void> {
  const { run, results } = outcome;
  const rows = collectRows(results);
  if (rows.length > 0) await store.saveJson(join('results_bmk', 'agg_bmk.json'), rows);
  await store.saveText(REPORT_FILE, renderReport('html', outcome));
  await store.saveText(SUMMARY_FILE, renderReport('markdown', outcome));
  await store.saveRun(run);
}

export const REPORT_FILE = 'report.html';
export const SUMMARY_FILE = 'summary.md';
