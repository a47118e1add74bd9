import { rowIdentity } from '../index/row-identity.js';
import type { SourceRow } from '../index/rows.js';
import { seriesOf } from '../index/series.js';
import { IDENTITY_KEYS, type Identity } from '../index/tables.js';
import { number, text, type Json } from '../json.js';
import { eachRow, firstOf, type FileRow } from './each-row.js';
import type { ImportFormat } from './format.js';
import { stallMark } from './stall.js';

/** Rows of `agg_bmk.json` and `bmk_*`: process_result.py of InferenceX writes them. Times in s, throughputs in tokens/s per GPU. */
export const inferencexRows: ImportFormat = {
  name: 'inferencex-rows',
  origin: 'inferencex',
  matches(content) {
    const row = firstOf(content);
    return 'hw' in row && 'conc' in row && !('task' in row);
  },
  rows: (imported) =>
    eachRow(imported, (at) => {
      const identity = rowIdentity(at.row);
      return measured(at, identity, at.row, { extra: extraOf(at.row, identity) });
    }),
};

/**
 * A measured point.
 * @param numbers what has its numbers
 */
export function measured(
  { run, point, file }: Pick<FileRow, 'run' | 'point' | 'file'>,
  identity: Identity,
  numbers: Json,
  { finished_at, extra }: { readonly finished_at?: string | undefined; readonly extra?: string | undefined },
): Iterable<SourceRow> | string {
  if (!hasNumbers(numbers)) return 'it has no numbers';
  const cells = {
    run,
    point,
    origin: 'inferencex',
    series: seriesOf(identity),
    state: 'completed',
    is_valid: true,
    finished_at,
    file,
    extra,
  };
  const row: SourceRow = { table: 'result_rows', identity, cells, numbers: [numbers] };
  const ttft = { p99: number(numbers['p99_ttft']), median: number(numbers['median_ttft']) };
  const mark = stallMark(run, point, ttft);
  return mark === undefined ? [row] : [row, mark];
}

/** Besides what it was measured with. */
function hasNumbers(row: Json): boolean {
  for (const key in row) if (number(row[key]) !== undefined && !IDENTITY_KEYS.has(key)) return true;
  return false;
}

/** What a row says besides its identity and its numbers, as JSON: what is in no column is not lost. */
export function extraOf(row: Json, identity: Identity): string | undefined {
  const left = Object.entries(row).filter(
    ([key, value]) =>
      value !== null &&
      value !== undefined &&
      typeof value !== 'number' &&
      !(IDENTITY_KEYS.has(key) && identity[key as keyof Identity] !== undefined),
  );
  return left.length === 0 ? undefined : JSON.stringify(Object.fromEntries(left));
}

/** Name of a run of GitHub Actions, by an address in it. */
export function runOf(url: unknown): string | undefined {
  const id = /\/actions\/runs\/(\d+)/.exec(text(url) ?? '')?.[1];
  return id && `run_${id}`;
}

/** What a row of the dashboard's says about its measurement: its `prefill_*` are the only server's where there is one. */
export function apiIdentity(row: Json): Identity {
  const isSplit = row['disagg'] === true || row['is_multinode'] === true;
  const sizes = isSplit
    ? row
    : { tp: row['prefill_tp'], ep: row['prefill_ep'], dp_attention: row['prefill_dp_attention'] };
  return rowIdentity({
    ...sizes,
    model: undefined,
    infmax_model_prefix: row['model'],
    hw: row['hardware'],
    framework: row['framework'],
    precision: row['precision'],
    spec_decoding: row['spec_method'],
    disagg: row['disagg'],
    is_multinode: row['is_multinode'],
    isl: row['isl'],
    osl: row['osl'],
    conc: row['conc'],
    image: row['image'],
  });
}
