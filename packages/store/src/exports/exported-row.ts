import { NEEDED_ROW_KEYS } from '@sweepline/core';
import { number, type Json } from '../json.js';
import * as dashboard from './dashboard-names.js';
import { exportedValues } from './exported-values.js';
import { RowReading } from './row-reading.js';

/** A row that readers of InferenceX's artifacts read right, or why they would not. */
export type Exported =
  | {
      readonly row: Json;
      /** Of rows of a run with the same key the dashboard keeps one. */
      readonly key: string;
      /** What is not as the source has it. */
      readonly notes: readonly string[];
    }
  | { readonly reasons: readonly string[] };

/**
 * The row of a benchmark for InferenceX's own scripts and its dashboard. They guess where a row says nothing, skip what they don't know,
 * and take one thing for another: such rows have reasons instead. Sources: utils/summarize.py of February and July 2026, and
 * packages/db/src/etl/benchmark-mapper.ts of InferenceX-app at 77ca49a.
 * @param sku the GPU, where it is known apart from the row
 */
export function exportedRow(source: Json, sku?: string): Exported {
  const reading = new RowReading(source);
  const point = pointOf(reading, sku);
  const sizes = point.is_multinode ? multiNodeSizes(reading) : singleNodeSizes(reading);
  checkNumbers(reading);
  const said: Json = { ...point, ...sizes };
  const others = Object.entries(source).filter(([key]) => !(key in said));
  const values = exportedValues(Object.fromEntries(others), reading.notes);
  const { reasons, notes } = reading;
  if (reasons.length > 0) return { reasons };
  return { row: { ...said, ...values }, key: keyOf(point, sizes), notes };
}

/** What was measured, apart from the sizes of the server. */
interface Point {
  readonly hw: string;
  readonly model: string;
  readonly infmax_model_prefix: string;
  readonly framework: string;
  readonly precision: string;
  readonly spec_decoding: string;
  readonly disagg: boolean;
  readonly is_multinode: boolean;
  readonly isl: number;
  readonly osl: number;
  readonly conc: number;
}

function pointOf(reading: RowReading, sku: string | undefined): Point {
  const point = {
    hw: hardwareIn(reading, sku),
    conc: reading.count('conc'),
    model: reading.text('model'),
    infmax_model_prefix: reading.text('infmax_model_prefix'),
    framework: reading.text('framework'),
    precision: reading.known('precision', dashboard.precisionOf),
    spec_decoding: reading.known('spec_decoding', dashboard.specDecodingOf),
    disagg: reading.flag('disagg'),
    isl: reading.count('isl'),
    osl: reading.count('osl'),
    is_multinode: reading.flag('is_multinode'),
  };
  const { infmax_model_prefix: prefix, model, framework, disagg } = point;
  const scenario = reading.row['scenario_type'] ?? 'fixed-seq-len';
  if (prefix !== '' && dashboard.modelOf(prefix, model) === undefined)
    reading.reasons.push(`the dashboard knows no model ${prefix}`);
  if (dashboard.isAlwaysDisaggregated(framework) && !disagg)
    reading.reasons.push(`the dashboard takes ${framework} for disaggregated, which it is not`);
  if (scenario !== 'fixed-seq-len')
    reading.reasons.push(`its load is not random prompts in a closed loop: ${JSON.stringify(scenario)}`);
  return point;
}

/** A name that the dashboard would skip is replaced by that of the GPU, if that is known. */
export function hardwareIn(reading: RowReading, sku?: string): string {
  const hw = reading.text('hw');
  if (hw === '' || dashboard.gpuOf(hw) !== undefined) return hw;
  const gpu = (sku && dashboard.gpuOf(sku)) ?? dashboard.gpuOfNode(hw);
  if (gpu === undefined) reading.reasons.push(`the dashboard knows no hardware ${hw}`);
  else reading.notes.push(`hw is ${gpu} in place of ${hw}, which the dashboard doesn't know`);
  return gpu ?? hw;
}

/** Sizes that the dashboard's configs don't have: rows that differ in them alone would be one config. */
const UNKNOWN_SIZES = ['pp', 'dcp_size', 'pcp_size'] as const;

function checkUnknownSizes({ row, reasons }: RowReading, prefix = ''): void {
  for (const key of UNKNOWN_SIZES.map((size) => prefix + size))
    if (key in row && row[key] !== 1)
      reasons.push(`the dashboard takes ${key} for 1, which is ${JSON.stringify(row[key])}`);
}

function singleNodeSizes(reading: RowReading): Json {
  if (!('prefill_tp' in reading.row)) return serverSizes(reading);
  reading.reasons.push(
    'it has sizes of prefill and decode on a single node, where summarize.py needs tp and ep',
  );
  return {};
}

/** Of one server. */
export function serverSizes(reading: RowReading): Json {
  checkUnknownSizes(reading);
  const most = dashboard.MOST_GPUS;
  const [tp, ep] = [reading.count('tp', { most }), reading.count('ep', { most })];
  // The dashboard's number of GPUs; rows of InferenceX's own have the same excess.
  if (tp * ep > most) reading.reasons.push(`the dashboard can't hold ${tp} × ${ep} GPUs`);
  return { tp, ep, dp_attention: String(reading.flag('dp_attention')) };
}

function multiNodeSizes(reading: RowReading): Json {
  const most = dashboard.MOST_GPUS;
  const of = (role: string): Json => {
    checkUnknownSizes(reading, `${role}_`);
    return {
      [`${role}_tp`]: reading.count(`${role}_tp`, { most }),
      [`${role}_ep`]: reading.count(`${role}_ep`, { most }),
      [`${role}_dp_attention`]: String(reading.flag(`${role}_dp_attention`)),
      [`${role}_num_workers`]: reading.count(`${role}_num_workers`, { least: 0, most }),
    };
  };
  return {
    ...of('prefill'),
    ...of('decode'),
    num_prefill_gpu: reading.count('num_prefill_gpu', { most }),
    num_decode_gpu: reading.count('num_decode_gpu', { most }),
  };
}

function checkNumbers({ row, reasons }: RowReading): void {
  const missing = NEEDED_ROW_KEYS.filter((key) => number(row[key]) === undefined);
  if (missing.length > 0)
    reasons.push(
      `it has no ${missing.join(', ')}, which the dashboard draws as 0 or summarize.py ends without`,
    );
}

/** Its key in the dashboard's database, apart from the run. */
function keyOf(point: Point, sizes: Json): string {
  const {
    hw,
    model,
    infmax_model_prefix: prefix,
    framework,
    precision,
    spec_decoding: decoding,
    ...rest
  } = point;
  return JSON.stringify([
    dashboard.gpuOf(hw),
    dashboard.modelOf(prefix, model),
    dashboard.frameworkOf(framework),
    dashboard.precisionOf(precision),
    dashboard.specDecodingOf(decoding),
    rest,
    sizes,
  ]);
}
