import type { CompletedResult, Result, Row } from './schema.js';

/** InferenceX's summary sorts by these keys; a single-node row has no prefill and decode keys, a multi-node row no tp. */
const SORT_KEYS = [
  'infmax_model_prefix',
  'hw',
  'framework',
  'precision',
  'isl',
  'osl',
  'tp',
  'ep',
  'prefill_tp',
  'prefill_ep',
  'decode_tp',
  'decode_ep',
  'conc',
] as const;

type Value = Row[string] | undefined;

/** Order of two rows in summaries. */
export function compareRows(a: Row, b: Row): number {
  for (const key of SORT_KEYS) {
    const order = compareValues(a[key], b[key]);
    if (order !== 0) return order;
  }
  return 0;
}

export function isCompleted(result: Result): result is CompletedResult {
  return result.state === 'completed';
}

/** Whether a result may be plotted and compared. */
export function isValid(result: CompletedResult): boolean {
  return result.marks.every((mark) => mark.severity !== 'invalid');
}

function compareValues(a: Value, b: Value): number {
  if (a === b) return 0;
  if (a === undefined) return 1;
  if (b === undefined) return -1;
  return a < b ? -1 : 1;
}
