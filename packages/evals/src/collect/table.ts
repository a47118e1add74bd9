import { githubTable } from '@sweepline/core';
import type { EvalDialect } from './artifacts.js';
import type { EvalRow } from './rows.js';

type Column = readonly [header: string, cell: (row: EvalRow) => string];

const value =
  (key: string) =>
  (row: EvalRow): string =>
    String(row[key] ?? '');
const upper =
  (key: string) =>
  (row: EvalRow): string =>
    value(key)(row).toUpperCase();
const percent =
  (key: string) =>
  (row: EvalRow): string => {
    const [score, error] = [row[key], row[`${key}_se`]];
    if (typeof score !== 'number') return 'N/A';
    const of = (fraction: number): string => `${(fraction * 100).toFixed(2)}%`;
    return `${of(score)}${typeof error === 'number' ? ` ±${of(error)}` : ''}`;
  };

const SAMPLES: Column = ['N (eff)', (row) => (row['n_eff'] ? value('n_eff')(row) : '')];
const MODEL: Column = ['Model', value('model')];
const SPEC: Column = ['Spec Decode', value('spec_decoding')];
const CONC: Column = ['Conc', value('conc')];
const ENGINE: readonly Column[] = [
  ['Hardware', value('hw')],
  ['Framework', upper('framework')],
  ['Precision', upper('precision')],
  SPEC,
];
const SIZES: readonly Column[] = [
  ['TP', value('tp')],
  ['EP', value('ep')],
  CONC,
  ['DP Attention', value('dp_attention')],
];
const LENGTHS: readonly Column[] = [
  ['ISL', value('isl')],
  ['OSL', value('osl')],
];
const SCORES: readonly Column[] = [
  ['Task', value('task')],
  ['Score', percent('score')],
  ['EM Strict', percent('em_strict')],
  ['EM Flexible', percent('em_flexible')],
  SAMPLES,
];
const PREFIX: Column = ['Model Prefix', value('model_prefix')];

const OLD: readonly Column[] = [MODEL, ...ENGINE, ...SIZES, ...SCORES];
const SINGLE: readonly Column[] = [PREFIX, ...ENGINE, ...LENGTHS, ...SIZES, ...SCORES, MODEL];
const MULTI: readonly Column[] = [
  ...[PREFIX, ...ENGINE, ...LENGTHS],
  ...(['prefill', 'decode'] as const).flatMap((role): readonly Column[] => {
    const name = role === 'prefill' ? 'Prefill' : 'Decode';
    return [
      [`${name} TP`, value(`${role}_tp`)],
      [`${name} EP`, value(`${role}_ep`)],
      [`${name} DP Attn`, value(`${role}_dp_attention`)],
      [`${name} Workers`, value(`${role}_num_workers`)],
    ];
  }),
  ...[CONC, ...SCORES, MODEL],
];

export type EvalSortKey = 'model_prefix' | 'hw';

const ENGINE_KEYS = ['hw', 'framework', 'precision', 'spec_decoding'] as const;
const SINGLE_KEYS = ['isl', 'osl', 'tp', 'ep', 'conc'] as const;
const WORKER_KEYS = [
  'prefill_tp',
  'prefill_ep',
  'prefill_num_workers',
  'decode_tp',
  'decode_ep',
  'decode_num_workers',
];

/** Rows in the order of InferenceX's tables: those of one node first. */
export function sortEvalRows(rows: readonly EvalRow[], by: EvalSortKey): readonly EvalRow[] {
  const first = by === 'hw' ? [] : ['model_prefix'];
  const isMulti = (row: EvalRow): boolean => row['is_multinode'] === true;
  const keysOf = (row: EvalRow): readonly string[] =>
    isMulti(row)
      ? [...first, ...ENGINE_KEYS, 'isl', 'osl', ...WORKER_KEYS, 'conc']
      : [...first, ...ENGINE_KEYS, ...SINGLE_KEYS];
  return [...rows].sort((a, b) => {
    if (isMulti(a) !== isMulti(b)) return isMulti(a) ? 1 : -1;
    for (const key of keysOf(a)) {
      const [left, right] = [a[key] ?? '', b[key] ?? ''];
      if (left !== right) return left < right ? -1 : 1;
    }
    return 0;
  });
}

/** InferenceX's summary of evals, in Markdown. @param rows sorted */
export function evalTables(rows: readonly EvalRow[], dialect: EvalDialect): string {
  if (rows.length === 0) return '> No eval results found to summarize.';
  if (dialect === '2026-02') return table(OLD, rows);
  const single = rows.filter((row) => row['is_multinode'] !== true);
  const multi = rows.filter((row) => row['is_multinode'] === true);
  return [
    ...(single.length > 0 ? [`### Single-Node Eval Results\n\n${table(SINGLE, single)}`] : []),
    ...(multi.length > 0 ? [`### Multi-Node Eval Results\n\n${table(MULTI, multi)}`] : []),
  ].join('\n\n\n');
}

function table(columns: readonly Column[], rows: readonly EvalRow[]): string {
  return githubTable(
    columns.map(([header]) => header),
    rows.map((row) => columns.map(([, cell]) => cell(row))),
  );
}
