import { given, number, text, type Json } from '../json.js';
import * as dashboard from './dashboard-names.js';
import { hardwareIn, serverSizes } from './exported-row.js';
import { RowReading } from './row-reading.js';

/** A row of `agg_eval_all.json`, or why the dashboard would read it wrong. */
export type ExportedEval =
  { readonly row: Json; readonly notes: readonly string[] } | { readonly reasons: readonly string[] };

const FRACTIONS = [
  'em_strict',
  'em_strict_se',
  'em_flexible',
  'em_flexible_se',
  'score',
  'score_se',
] as const;
/** Where the dashboard has lengths from, in thousands of 1024 tokens: `eval_dsr1_8k1k_…`. */
const LENGTHS = /[_-](\d+)k(\d+)k[_.-]/i;
const K = 1024;

/**
 * The row of a score for the dashboard. It knows sizes of one node only, and lengths only from the name of the source. Source:
 * packages/db/src/etl/eval-mapper.ts of InferenceX-app at 77ca49a.
 */
export function exportedEval(source: Json): ExportedEval {
  const reading = new RowReading(source);
  const { row: from, reasons, notes } = reading;
  const prefix = from['infmax_model_prefix'] ?? from['model_prefix'];
  const [model, modelPrefix] = [text(from['model']) || undefined, text(prefix) || undefined];
  if (dashboard.modelOf(modelPrefix, model) === undefined)
    reasons.push(`the dashboard knows no model ${modelPrefix ?? model ?? 'without a name'}`);
  const isSplit = from['is_multinode'] === true || from['disagg'] === true || hasOtherSizes(from);
  if (isSplit) reasons.push('the dashboard would take its sizes for those of one server');
  const row = {
    ...given({ model_prefix: modelPrefix, model }),
    hw: hardwareIn(reading),
    framework: reading.text('framework'),
    precision: reading.known('precision', dashboard.precisionOf),
    spec_decoding: reading.known('spec_decoding', dashboard.specDecodingOf),
    ...(isSplit ? {} : serverSizes(reading)),
    conc: reading.count('conc'),
    task: reading.text('task'),
    source: reading.text('source'),
    ...given(Object.fromEntries([...FRACTIONS, 'n_eff'].map((key) => [key, number(from[key])]))),
  };
  checkLengths(reading, row.source);
  const scores = FRACTIONS.flatMap((key) => number(from[key]) ?? []);
  if (number(from['em_strict']) === undefined && number(from['score']) === undefined)
    reasons.push('it has neither em_strict nor score');
  if (scores.some((score) => score < 0 || score > 1)) reasons.push('its scores are no fractions');
  return reasons.length > 0 ? { reasons } : { row, notes };
}

/** What the dashboard takes for the same score: all of a row but its numbers, and names by which it goes. */
function keyOf(row: Json): string {
  const scores = new Set<string>([...FRACTIONS, 'n_eff', 'source', 'hw', 'model', 'model_prefix']);
  const named = Object.entries(row).filter(([key]) => !scores.has(key));
  const { hw, model, model_prefix: prefix, source } = row;
  const lengths = LENGTHS.exec(text(source) ?? '')?.slice(1);
  return JSON.stringify([
    dashboard.gpuOf(text(hw) ?? ''),
    dashboard.modelOf(text(prefix), text(model)),
    lengths,
    named,
  ]);
}

/** Of different scores of the same the dashboard would keep the last that it reads: none of them is exported, and equal ones once. */
export function withoutRivals(evals: readonly ExportedEval[]): readonly ExportedEval[] {
  const texts = new Map<string, Set<string>>();
  const seen = new Set<string>();
  for (const one of evals)
    if ('row' in one)
      texts.set(keyOf(one.row), (texts.get(keyOf(one.row)) ?? new Set()).add(scoresOf(one.row)));
  return evals.map((one) => {
    if (!('row' in one)) return one;
    const key = keyOf(one.row);
    if ((texts.get(key)?.size ?? 0) > 1)
      return { reasons: ['there are several scores of the same, of which the dashboard would keep one'] };
    if (seen.has(key)) return { reasons: ['it is there twice, with the same numbers, and counts once'] };
    seen.add(key);
    return one;
  });
}

function scoresOf(row: Json): string {
  return JSON.stringify([...FRACTIONS, 'n_eff'].map((key) => row[key] ?? null));
}

/** Rows of 2026-08 have the sizes of one server as those of prefill and decode as well. */
function hasOtherSizes(row: Json): boolean {
  return ['prefill', 'decode'].some((role) =>
    ['tp', 'ep'].some((size) => (row[`${role}_${size}`] ?? row[size]) !== row[size]),
  );
}

function checkLengths({ row, reasons }: RowReading, source: string): void {
  if (source === '') return;
  const [, isl, osl] = LENGTHS.exec(source) ?? [];
  if (isl === undefined) {
    reasons.push(`its source names no lengths such as 8k1k, where the dashboard has them from: ${source}`);
    return;
  }
  for (const [key, read] of [
    ['isl', Number(isl) * K],
    ['osl', Number(osl) * K],
  ] as const)
    if (number(row[key]) !== undefined && row[key] !== read)
      reasons.push(`${key} is ${String(row[key])}, and ${read} by its source`);
}
