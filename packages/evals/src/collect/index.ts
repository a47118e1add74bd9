import { evalFiles, type EvalDialect } from './artifacts.js';
import { evalRows, type EvalRow, type Remark } from './rows.js';
import { sortEvalRows, type EvalSortKey } from './table.js';

export { evalTables } from './table.js';
export type { EvalDialect, EvalRow, EvalSortKey, Remark };

export interface Collected {
  readonly rows: readonly EvalRow[];
  /** What was taken otherwise than it is written. */
  readonly remarks: readonly Remark[];
}

/**
 * The rows of all eval artifacts below a folder: what InferenceX's collect_eval_results.py makes of them.
 * @throws {SweeplineError} RESULT_READ_FAILED
 */
export async function collectEvals(
  root: string,
  {
    dialect = '2026-08',
    sortBy = 'model_prefix',
  }: { readonly dialect?: EvalDialect; readonly sortBy?: EvalSortKey } = {},
): Promise<Collected> {
  const files = await evalFiles(root, { dialect });
  const remarks: Remark[] = [];
  const rows = evalRows(files, { root, dialect, remark: (one) => void remarks.push(one) });
  return { rows: sortEvalRows(rows, sortBy), remarks };
}
