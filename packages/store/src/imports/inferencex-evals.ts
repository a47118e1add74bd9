import { given, number, text, type Json } from '../json.js';
import { rowIdentity } from '../index/row-identity.js';
import type { SourceRow } from '../index/rows.js';
import { eachRow, firstOf, type FileRow } from './each-row.js';
import type { ImportFormat } from './format.js';
import { extraOf } from './inferencex-rows.js';

/** Rows of `eval_results_all`: collect_eval_results.py of InferenceX writes them. Scores are fractions. */
export const inferencexEvals: ImportFormat = {
  name: 'inferencex-evals',
  origin: 'inferencex',
  matches(content) {
    const row = firstOf(content);
    return 'task' in row && 'hw' in row;
  },
  rows: (imported) => eachRow(imported, (row) => evalRow(row, row.row, row.row)),
};

const SCORES = [
  'em_strict',
  'em_strict_se',
  'em_flexible',
  'em_flexible_se',
  'n_eff',
  'score',
  'score_se',
] as const;

/** @param scores what has the numbers */
export function evalRow(
  { run, file }: Pick<FileRow, 'run' | 'file'>,
  row: Json,
  scores: Json,
  date?: string,
): Iterable<SourceRow> | string {
  const task = text(row['task']);
  if (task === undefined) return 'it names no task';
  const found = given(Object.fromEntries(SCORES.map((key) => [key, number(scores[key])])));
  if (Object.keys(found).length === 0) return 'it has no score';
  const identity = rowIdentity(row);
  const { task: _, ...rest } = row;
  return [
    {
      table: 'evals',
      cells: { run, ...identity, task, date, ...found, file, extra: extraOf(rest, identity) },
    },
  ];
}
