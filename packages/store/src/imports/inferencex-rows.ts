import { numbersOf } from '../index/result-rows.js';
import { rowIdentity } from '../index/row-identity.js';
import type { SourceRow } from '../index/rows.js';
import { seriesOf } from '../index/series.js';
import { IDENTITY_KEYS, type Identity } from '../index/tables.js';
import { number, object, text, type Json } from '../json.js';
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
  rows: (imported) => eachRow(imported, (row) => inferencexRow(row, row.row)),
};

/** @param row with the keys of `agg_bmk.json` */
export function inferencexRow(
  { run, point, file }: Pick<FileRow, 'run' | 'point' | 'file'>,
  row: Json,
  more: { readonly finished_at?: string | undefined } = {},
): Iterable<SourceRow> | string {
  const numbers = numbersOf(row);
  if (Object.keys(numbers).length === 0) return 'it has no numbers';
  const identity = rowIdentity(row);
  return [
    {
      table: 'results',
      cells: {
        ...{
          run,
          point,
          origin: 'inferencex',
          series: seriesOf(identity),
          state: 'completed',
          is_valid: true,
        },
        ...{ ...identity, ...more, file, extra: extraOf(row, identity) },
      },
      numbers,
    },
    ...stallMark(run, point, { p99: number(row['p99_ttft']), median: number(row['median_ttft']) }),
  ];
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

/** The dashboard's row, with the keys of `agg_bmk.json`: its `prefill_*` are the only server's where there is one. */
export function apiAsRow(row: Json): Json {
  const { hardware, model, spec_method: spec, metrics, ...rest } = row;
  const identity = {
    ...rest,
    hw: hardware,
    infmax_model_prefix: model,
    model: undefined,
    spec_decoding: spec,
  };
  if (row['disagg'] === true || row['is_multinode'] === true) return { ...identity, ...object(metrics) };
  const single = { tp: row['prefill_tp'], ep: row['prefill_ep'], dp_attention: row['prefill_dp_attention'] };
  const shared = Object.entries(identity).filter(
    ([key]) => !/^(?:prefill|decode)_|^num_(?:prefill|decode)_gpu$/.test(key),
  );
  return { ...Object.fromEntries(shared), ...single, ...object(metrics) };
}
