import { given, number, text, type Json } from '../json.js';
import { rowIdentity } from '../index/row-identity.js';
import type { SourceRow } from '../index/rows.js';
import type { Identity } from '../index/tables.js';
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
  rows: (imported) =>
    eachRow(imported, (at) => {
      const { task: _, ...rest } = at.row;
      const identity = rowIdentity(rest);
      return evalRow(at, identity, at.row, { extra: extraOf(rest, identity) });
    }),
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

/**
 * A score.
 * @param scores what has its numbers
 */
export function evalRow(
  { run, file, row }: Pick<FileRow, 'run' | 'file' | 'row'>,
  identity: Identity,
  scores: Json,
  { date, extra }: { readonly date?: string | undefined; readonly extra?: string | undefined },
): Iterable<SourceRow> | string {
  const task = text(row['task']);
  if (task === undefined) return 'it names no task';
  const found = given(Object.fromEntries(SCORES.map((key) => [key, number(scores[key])])));
  if (Object.keys(found).length === 0) return 'it has no score';
  return [{ table: 'evals', identity, cells: { ...found, run, task, date, file, extra } }];
}
