import {
  SweeplineError,
  describeWhere,
  isInfrastructure,
  layerOf,
  messageOf,
  type ErrorCode,
} from '../errors.js';
import type { RunRecord } from '../load/records/record.js';
import { computeMetrics, type Metrics } from '../metrics/compute.js';
import { deliveredOf } from '../metrics/delivered.js';
import { MARK_LIMITS, marksOf } from '../metrics/marks.js';
import type { Devices } from '../matrix/devices.js';
import type { Job, Point } from '../matrix/job.js';
import type { MetricPlugin } from '../plugin/metric.js';
import { aggregate, identityRow } from './aggregate.js';
import { identityOf } from './row-identity.js';
import { rawResult, type RawResult } from './raw-result.js';
import type {
  CompletedResult,
  FailedResult,
  InterruptedResult,
  Mark,
  RejectedResult,
  Row,
} from './schema.js';

const LOG_TAIL_LINES = 20;

/** Result of a run: the state-dependent part of a result, and the raw result if there are numbers. */
export interface Outcome {
  readonly fields:
    | Pick<CompletedResult, 'state' | 'metrics' | 'intervals' | 'row' | 'delivered' | 'marks'>
    | Pick<FailedResult, 'state' | 'error'>
    | Pick<RejectedResult, 'state' | 'error'>
    | Pick<InterruptedResult, 'state'>;
  readonly raw?: RawResult;
}

/**
 * Turns a run's records into metrics, a row and marks. Pure: stored records give the same result again.
 * @param devices that the point used; by default the number that its job's sizes need
 */
export function outcomeOfRun(
  run: RunRecord,
  job: Job,
  hw: string,
  metrics: readonly MetricPlugin[],
  devices?: Devices,
): Outcome {
  const rowOf: RowMaker = (raw, outputs) => aggregate(raw, identityOf(job, hw, devices), outputs);
  return outcomeWith(run, job.model, metrics, rowOf);
}

/** Makes a row from a raw result; `outputs` are those of the metrics in it. */
export type RowMaker = (raw: RawResult, outputs: Metrics['outputs']) => Row;

/** The same, with the row that `rowOf` makes. */
export function outcomeWith(
  run: RunRecord,
  modelId: string,
  metrics: readonly MetricPlugin[],
  rowOf: RowMaker,
): Outcome {
  const tooMany = tooManyFailures(run);
  if (tooMany !== undefined) return outcomeOfError(tooMany);
  const { values, intervals, outputs, failed } = eachMetric(run, metrics);
  const { tokenizer: tokenizerId } = run.spec;
  const raw = rawResult({
    run,
    values,
    intervals,
    modelId,
    ...(tokenizerId !== undefined && { tokenizerId }),
  });
  return {
    raw,
    fields: {
      state: 'completed',
      metrics: { ...values },
      ...(Object.keys(intervals).length > 0 && { intervals: { ...intervals } }),
      row: rowOf(raw, outputs),
      delivered: { ...deliveredOf(run) },
      marks: [...marksOf(run), ...failed],
    },
  };
}

/** Computes each plugin's metrics for a run. A plugin that fails only loses its own numbers: the measurement is kept. */
function eachMetric(
  run: RunRecord,
  plugins: readonly MetricPlugin[],
): Metrics & { readonly failed: readonly Mark[] } {
  const failed: Mark[] = [];
  const metrics = plugins.flatMap((plugin) => {
    try {
      return [computeMetrics(run, [plugin])];
    } catch (thrown) {
      failed.push({ code: 'metric-failed', severity: 'note', message: messageOf(thrown) });
      return [];
    }
  });
  return {
    values: Object.assign({}, ...metrics.map(({ values }) => values)) as Metrics['values'],
    intervals: Object.assign({}, ...metrics.map(({ intervals }) => intervals)) as Metrics['intervals'],
    outputs: metrics.flatMap(({ outputs }) => outputs),
    failed,
  };
}

/** The outcome of a point whose server was asked and not loaded: it has an identity and marks, and no numbers. */
export function outcomeOfAsking(
  { job, concurrency }: Point,
  hw: string,
  marks: readonly Mark[],
  devices?: Devices,
): Outcome {
  return {
    fields: {
      state: 'completed',
      metrics: {},
      row: identityRow({ concurrency, model: job.model }, identityOf(job, hw, devices)),
      delivered: { offered: 0, sent: 0, completed: 0, failed: 0 },
      marks: [...marks],
    },
  };
}

/** Errors of plans that were refused: nothing has broken. */
const REFUSALS: ReadonlySet<ErrorCode> = new Set(['JOB_REJECTED', 'PLAN_UNSUPPORTED']);

/** @param log the server's log; its end is kept with the error */
export function outcomeOfError(error: SweeplineError, log = ''): Outcome {
  if (error.code === 'INTERRUPTED') return { fields: { state: 'interrupted' } };
  // The result itself says which job it is.
  const where = describeWhere({ ...error.where, job: undefined });
  const layer = layerOf(error);
  const logTail = log.trim().split('\n').slice(-LOG_TAIL_LINES).join('\n');
  return {
    fields: {
      state: REFUSALS.has(error.code) ? 'rejected' : 'failed',
      error: {
        code: error.code,
        message: error.message,
        ...(layer !== undefined && { layer }),
        again: isInfrastructure(error),
        ...(where === '' ? {} : { where }),
        ...(error.hint === undefined ? {} : { hint: error.hint }),
        ...(logTail === '' ? {} : { logTail }),
      },
    },
  };
}

/** A run in which more than the tolerated share of requests failed is a failed job, as in upstream InferenceX. */
function tooManyFailures(run: RunRecord): SweeplineError | undefined {
  const { completed, failed } = deliveredOf(run);
  const ended = completed + failed;
  if (ended > 0 && failed <= MARK_LIMITS.failedShare * ended) return undefined;
  const first = run.requests.find((request) => request.error !== undefined)?.error;
  const why = first === undefined ? '' : `; the first: ${first.code}: ${first.message}`;
  return new SweeplineError('REQUEST_FAILED', `${failed} of ${ended} requests failed${why}`, {
    hint: 'See records.jsonl for each request and server.log for the server.',
  });
}
