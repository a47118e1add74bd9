import { toSweeplineError } from '../errors.js';
import type { RunRecord } from '../load/records/record.js';
import { describeLoad } from '../load/scenario/spec.js';
import { claimsOf, type EngineClaims } from '../measure/engine-claims.js';
import type { Measurement } from '../measure/measurement.js';
import { transportsOf, type RoleTransport } from '../measure/transports.js';
import { acceptanceMarks } from '../metrics/marks/acceptance.js';
import { hardwareMarks } from '../metrics/marks/hardware.js';
import { logMarks } from '../metrics/marks/logs.js';
import type { ProcessLog } from '../launch/server-logs.js';
import type { Mark } from '../metrics/marks/mark.js';
import { withStallLogs } from '../metrics/marks/stall-log.js';
import { reuseMarks } from '../metrics/marks/reuse.js';
import { templateMarks } from '../metrics/marks/template.js';
import { transportMarks } from '../metrics/marks/transport.js';
import { devicesIn } from '../plan/devices.js';
import { injectedAcceptance, type InjectedAcceptance } from '../plan/injected-acceptance.js';
import { nodesOf } from '../plan/layout.js';
import type { PlannedPoint } from '../plan/plan.js';
import { failedPlan, printPlan, type PrintedPlan } from '../plan/print.js';
import type { MetricPlugin } from '../plugin/metric.js';
import { evalMarks, evalResult } from './evals.js';
import { delegatedOutcome } from './delegated.js';
import { outcomeOfAsking, outcomeOfError, outcomeOfRun, type Outcome } from './outcome.js';
import { promptsOf } from './provenance.js';
import type { RawResult } from './raw-result.js';
import {
  RESULT_SCHEMA,
  type Provenance,
  type Result,
  type Retry,
  type Skip,
  type SkippedResult,
} from './schema.js';
import { withReason } from './withheld.js';

/** Port in printed plans if none is fixed; InferenceX's. */
const PRINTED_PORT = 8888;
/** Characters at the end of a log that are searched for errors. */
const ENDING_CHARS = 2000;

/** When and with which software a point was measured. */
export interface Circumstances {
  /** Sweepline's version. */
  readonly version: string;
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly metrics: readonly MetricPlugin[];
  /** Why it was started again. */
  readonly retries: readonly Retry[];
}

/** Files that are kept with a point, in addition to those from its measurement. */
export interface PointFiles {
  readonly result: Result;
  readonly plan: PrintedPlan;
  readonly raw?: RawResult;
}

/** Makes a point's result from its measurement. Pure. */
export function resultOf(
  planned: PlannedPoint,
  measured: Measurement,
  { version, startedAt, finishedAt, metrics, retries }: Circumstances,
): PointFiles {
  const claims = claimsOf(measured);
  const transports = transportsOf(measured.logs);
  const others = [
    ...claims.marks,
    ...reuseMarks(measured.reused),
    ...hardwareMarks(measured.findings),
    ...transportMarks(planned.runner.cluster?.fabric?.rdma, isSpread(measured.planned), transports),
  ];
  const evals = measured.evals?.map(evalResult);
  const { fields, raw } = outcomeOf(planned, measured, metrics, [...others, ...evalMarks(evals ?? [])]);
  const result: Result = {
    ...identityOf(planned),
    startedAt,
    finishedAt,
    provenance: provenanceOf(planned, measured, version, { ...claims, transports }, retries),
    ...fields,
    ...(evals !== undefined && fields.state === 'completed' && { evals }),
  };
  return { result: withReason(result), plan: planFile(measured.planned), ...(raw !== undefined && { raw }) };
}

/**
 * The result of a point that is never begun. Pure.
 * @param at when that was decided
 */
export function skippedResult(
  planned: PlannedPoint,
  reason: Skip,
  { version, at }: { readonly version: string; readonly at: string },
): SkippedResult {
  return {
    ...identityOf(planned),
    ...{ startedAt: at, finishedAt: at },
    provenance: { sweepline: version, framework: frameworkOf(planned) },
    ...{ state: 'skipped', reason },
  };
}

/** The point that a result belongs to. */
function identityOf({
  name,
  point,
  repeat,
}: PlannedPoint): Pick<Result, 'schema' | 'name' | 'point' | 'repeat' | 'job' | 'concurrency' | 'load'> {
  return {
    ...{ schema: RESULT_SCHEMA, name },
    ...(repeat === undefined ? {} : { point: repeat.point, repeat: repeat.number }),
    ...{ job: { ...point.job }, concurrency: point.concurrency },
    ...(point.job.load === undefined ? {} : { load: describeLoad(point.job.load) }),
  };
}

function frameworkOf({ framework }: PlannedPoint): Provenance['framework'] {
  return { plugin: framework.plugin.name, package: framework.package, version: framework.version };
}

/** The plan's file. If a plugin fails to print it, the point that was measured with it must not be lost. */
function planFile(planned: PlannedPoint): PrintedPlan {
  try {
    return printPlan(planned, PRINTED_PORT);
  } catch (thrown) {
    return failedPlan(planned, toSweeplineError(thrown, 'PLAN_INVALID'));
  }
}

function outcomeOf(
  { point, runner, name }: PlannedPoint,
  { outcome, logs, stallLogs, planned }: Measurement,
  metrics: readonly MetricPlugin[],
  others: readonly Mark[],
): Outcome {
  if ('error' in outcome) return outcomeOfError(outcome.error, tellingLog(logs));
  if ('asked' in outcome) return outcomeOfAsking(point, runner.sku.name, others, devicesIn(planned));
  if ('delegated' in outcome) return delegatedOutcome(planned, outcome.delegated, metrics, others);
  const { run } = outcome;
  try {
    const { fields, ...raw } = outcomeOfRun(run, point.job, runner.sku.name, metrics, devicesIn(planned));
    if (fields.state !== 'completed') return { fields, ...raw };
    const marks = [
      ...acceptanceMarks(injectedIn(planned), fields.metrics['server_acceptance_length']),
      ...withStallLogs(fields.marks, stallLogs),
      ...templateMarks(asksForTemplate(planned), run),
      ...logMarks(logs),
      ...others,
    ];
    return { fields: { ...fields, marks }, ...raw };
  } catch (thrown) {
    return outcomeOfError(toSweeplineError(thrown, 'JOB_FAILED', { where: { job: name } }));
  }
}

/** The log to keep: of several processes, the first one whose log ends with an error, or the first one. */
function tellingLog(logs: readonly ProcessLog[]): string | undefined {
  const endsBadly = ({ text = '' }: ProcessLog): boolean =>
    /error|exception|fatal/i.test(text.slice(-ENDING_CHARS));
  const log = logs.find(endsBadly) ?? logs[0];
  return log?.text ?? log?.problem;
}

function injectedIn(planned: PlannedPoint): InjectedAcceptance | undefined {
  return planned.state === 'planned' && planned.plan.kind === 'serve'
    ? injectedAcceptance(planned.plan)
    : undefined;
}

function asksForTemplate(planned: PlannedPoint): boolean {
  return planned.state === 'planned' && planned.plan.kind === 'serve' && planned.plan.client.chatTemplate;
}

/** Whether its server is on several nodes. */
function isSpread(planned: PlannedPoint): boolean {
  if (planned.state !== 'planned' || planned.plan.kind !== 'serve') return false;
  return nodesOf(planned.plan.roles, planned.runner.sku.devicesPerNode) > 1;
}

function provenanceOf(
  planned: PlannedPoint,
  { outcome, node, images, client, token, reused }: Measurement,
  version: string,
  { intended, engine, transports }: EngineClaims & { readonly transports: readonly RoleTransport[] },
  retries: readonly Retry[],
): Provenance {
  return {
    sweepline: version,
    ...('run' in outcome ? ofRun(outcome.run) : {}),
    ...('delegated' in outcome ? { client: outcome.delegated.client } : {}),
    ...(client === undefined ? {} : { placement: { ...client } }),
    ...(token === undefined ? {} : { session: token }),
    ...(reused === undefined ? {} : { reused: { ...reused } }),
    framework: frameworkOf(planned),
    ...(node === undefined
      ? {}
      : { hardware: { sku: planned.runner.sku.name, node: node.name, facts: { ...node.facts } } }),
    ...(images === undefined ? {} : { images: { ...images } }),
    ...(intended === undefined ? {} : { intended }),
    ...(engine === undefined ? {} : { engine }),
    ...(transports.length === 0 ? {} : { transports: transports.map((one) => ({ ...one })) }),
    ...(retries.length === 0 ? {} : { retries: [...retries] }),
  };
}

function ofRun(run: RunRecord): Pick<Provenance, 'client' | 'prompts'> {
  return { client: run.client.name, ...promptsOf(run) };
}
