import { FIELD } from '../config/fields.js';
import { compareRows, isCompleted, isValid } from '../results/collect.js';
import type { CompletedResult, Mark, Result, Row } from '../results/schema.js';

/** A result with its row; what did not complete has the identity fields only. */
export interface ReportPoint {
  readonly result: Result;
  readonly row: Row;
  readonly marks: readonly Mark[];
  /** Completed and without an invalid mark. */
  readonly valid: boolean;
}

/** In the order of InferenceX's summary. */
export function pointsOf(results: readonly Result[]): ReportPoint[] {
  return results.map(pointOf).sort((a, b) => compareRows(a.row, b.row));
}

export function completedPoints(points: readonly ReportPoint[]): ReportPoint[] {
  return points.filter((point) => isCompleted(point.result));
}

/** `completed`, `completed, noted: code`, `invalid: code; noted: code`, `failed: CODE reason`, … */
export function stateOf({ result, marks, valid }: ReportPoint): string {
  if (result.state === 'failed') return `failed: ${result.error.code} ${result.error.message}`;
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

function pointOf(result: Result): ReportPoint {
  return isCompleted(result) ? completedPoint(result) : unfinishedPoint(result);
}

function completedPoint(result: CompletedResult): ReportPoint {
  return { result, row: result.row, marks: result.marks, valid: isValid(result) };
}

/** Keys of a matrix entry by the row key that they become. */
const JOB_KEYS = {
  hw: 'runner',
  image: 'image',
  model: 'model',
  infmax_model_prefix: FIELD.modelPrefix,
  framework: 'framework',
  precision: 'precision',
  spec_decoding: FIELD.specDecoding,
  isl: 'isl',
  osl: 'osl',
  tp: 'tp',
  ep: 'ep',
  dp_attention: FIELD.dpAttn,
} as const;

function unfinishedPoint(result: Result): ReportPoint {
  const row: Row = { conc: result.concurrency };
  for (const [key, jobKey] of Object.entries(JOB_KEYS)) {
    const value = result.job[jobKey];
    if (typeof value === 'string' || typeof value === 'number') row[key] = value;
    if (typeof value === 'boolean') row[key] = String(value);
  }
  const sku = result.provenance.hardware?.sku;
  return { result, row: sku === undefined ? row : { ...row, hw: sku }, marks: [], valid: false };
}
