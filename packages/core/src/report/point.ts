import type { Worker } from '../config/model.js';
import { POINT_FIELDS, SIZE_FIELDS, WORKER_FIELDS, WORKER_KINDS } from '../plugin/row-keys.js';
import { workersDevices } from '../plugin/topology.js';
import { compareRows, isCompleted, isValid } from '../results/collect.js';
import { reasonOf } from '../results/reason.js';
import { isOtherRepeat, NOT_ENDED } from '../results/repeats.js';
import type { CompletedResult, Mark, Result, Row } from '../results/schema.js';
import type { Missing } from './notices.js';
import type { Runs } from './runs.js';

/** A result with its row; results that did not complete have only the identity fields. */
export interface ReportPoint {
  readonly result: Result;
  readonly row: Row;
  readonly marks: readonly Mark[];
  /** Completed and without an invalid mark. */
  readonly valid: boolean;
  /** Of a point that was measured several times, once its runs are summarised. */
  readonly runs?: Runs;
}

type CompletedPoint = ReportPoint & { readonly result: CompletedResult };

/** Heading of the rows that are not exported. */
export const HELD_BACK = 'Not in agg_*.json';

/** In the order of InferenceX's summary; results of other loads come last. */
export function pointsOf(results: readonly Result[]): ReportPoint[] {
  return results
    .map(pointOf)
    .sort((a, b) => compareLoads(a, b) || compareRows(a.row, b.row) || rateOf(a) - rateOf(b));
}

export function completedPoints(points: readonly ReportPoint[]): CompletedPoint[] {
  return points.filter((point): point is CompletedPoint => isCompleted(point.result));
}

/** Without those that were skipped: thousands may be, and they have a list of their own. */
export function begunPoints(points: readonly ReportPoint[]): readonly ReportPoint[] {
  return points.filter(({ result }) => result.state !== 'skipped');
}

export function inState(
  points: readonly ReportPoint[],
  states: readonly Result['state'][],
): readonly ReportPoint[] {
  return points.filter(({ result }) => states.includes(result.state));
}

/** Names of points that were never begun, and of which no result says why. */
export function withoutResult(
  { neverBegun }: Pick<Missing, 'neverBegun'>,
  points: readonly ReportPoint[],
): readonly string[] {
  const skipped = new Set(inState(points, ['skipped']).map(({ result }) => result.name));
  return neverBegun.filter((name) => !skipped.has(name));
}

/** `completed`, `completed, noted: code`, `invalid: code; noted: code`, `failed: CODE reason`, `rejected: CODE reason`, … */
export function stateOf({ result, marks, valid }: ReportPoint): string {
  const reason = reasonOf(result);
  if (reason !== undefined) return `${result.state}: ${reason.code} ${reason.message}`;
  if (result.state === 'interrupted') return result.state;
  const codes = (severity: Mark['severity']): string =>
    marks
      .filter((mark) => mark.severity === severity)
      .map((mark) => mark.code)
      .join(', ');
  const notes = codes('note');
  const noted = notes === '' ? '' : `noted: ${notes}`;
  if (valid) return ['completed', noted].filter((part) => part !== '').join(', ');
  return [`invalid: ${codes('invalid')}`, noted].filter((part) => part !== '').join('; ');
}

/**
 * One line for each row that is in no `agg_*.json`, with the reason; a single line for all results of a server that was already
 * running, and for all repeats of which others are exported.
 */
export function withheldLines(points: readonly ReportPoint[]): string[] {
  const withheld = completedPoints(points).flatMap(({ result }) =>
    result.withheld === undefined ? [] : [result],
  );
  const repeats = withheld.filter(isOtherRepeat);
  const undecided = repeats.filter(({ withheld: reason }) => reason === NOT_ENDED).length;
  const others = repeats.length - undecided;
  const lines = withheld
    .filter((result) => !isOtherRepeat(result))
    .map(({ name, endpoint, withheld: reason }) => `${endpoint?.baseUrl ?? name}: ${reason}`);
  return [
    ...new Set(lines),
    ...(others === 0 ? [] : [otherRepeatsText(others)]),
    ...(undecided === 0 ? [] : [`${undecided === 1 ? '1 run' : `${undecided} runs`}: ${NOT_ENDED}`]),
  ];
}

function otherRepeatsText(count: number): string {
  const what = count === 1 ? '1 other run' : `${count} other runs`;
  return `${what} of its points: each point is in it once, by the run with the median throughput`;
}

function pointOf(result: Result): ReportPoint {
  return isCompleted(result) ? completedPoint(result) : unfinishedPoint(result);
}

function completedPoint(result: CompletedResult): ReportPoint {
  const row = { ...result.row, ...endpointRow(result), ...loadRow(result) };
  return { result, row, marks: result.marks, valid: isValid(result) };
}

function unfinishedPoint(result: Result): ReportPoint {
  const sku = result.provenance.hardware?.sku;
  const row = {
    ...jobRow(result.job),
    ...(result.endpoint === undefined ? { conc: result.concurrency } : endpointRow(result)),
    ...loadRow(result),
    ...(sku === undefined ? {} : { hw: sku }),
  };
  return { result, row, marks: [], valid: false };
}

/** Identifies a server that was already running, with a key that InferenceX's rows don't have. */
function endpointRow({ endpoint }: Result): Row {
  return endpoint === undefined ? {} : { endpoint: endpoint.baseUrl };
}

/** Describes a load that isn't InferenceX's, with keys that its rows don't have. */
function loadRow({ load }: Result): Row {
  if (load === undefined) return {};
  return { load: load.text, ...(load.rate === undefined ? {} : { offered_rate: load.rate }) };
}

function compareLoads(a: ReportPoint, b: ReportPoint): number {
  const [one, other] = [a.result.load?.text ?? '', b.result.load?.text ?? ''];
  if (one === other) return 0;
  return one < other ? -1 : 1;
}

function rateOf({ result }: ReportPoint): number {
  return result.load?.rate ?? 0;
}

type Members = Readonly<Record<string, unknown>>;

/** The part of a row that follows from the job. The job comes from a file and may be incomplete. */
function jobRow(job: Members): Row {
  const workers = WORKER_KINDS.filter((kind) => isObject(job[kind]));
  const point = { ...pick(job, POINT_FIELDS, ''), is_multinode: workers.length > 0 };
  if (workers.length === 0) return { ...point, ...pick(job, SIZE_FIELDS, '') };
  const rows = workers.map((kind) => workerRow(kind, job[kind] as Members));
  return Object.assign(point, ...rows) as Row;
}

function workerRow(kind: (typeof WORKER_KINDS)[number], worker: Members): Row {
  const row = pick(worker, WORKER_FIELDS, `${kind}_`);
  return isWorker(worker) ? { ...row, [`num_${kind}_gpu`]: workersDevices(worker) } : row;
}

function pick(from: Members, fields: Readonly<Record<string, string>>, prefix: string): Row {
  const row: Row = {};
  for (const [key, field] of Object.entries(fields)) {
    const value = from[field];
    if (typeof value === 'string' || typeof value === 'number') row[prefix + key] = value;
    // Rows have booleans as strings, except for those that say which kind of row it is.
    if (typeof value === 'boolean') row[prefix + key] = field === 'disagg' ? value : String(value);
  }
  return row;
}

function isWorker(value: Members): value is Members & Worker {
  return ['tp', 'ep', 'num-worker'].every((field) => typeof value[field] === 'number');
}

function isObject(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
