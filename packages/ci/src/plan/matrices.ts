import { MATRICES_OF_ROWS, MOST_OF_A_MATRIX } from './share.js';
import type { PlannedConfig } from './plan.js';

/** A job of a workflow's matrix. What it measures is in the plan: a matrix travels through variables, which hold 128 KB. */
export interface MatrixRow {
  readonly row: string;
  readonly runner: string;
  /** For people. */
  readonly name: string;
}

/** `{"include": […]}`; empty if there is nothing, as GitHub refuses a matrix without a job. */
export function matrixText(rows: readonly MatrixRow[]): string {
  return rows.length === 0 ? '' : JSON.stringify({ include: rows });
}

export function canaryRows(configs: readonly PlannedConfig[]): readonly MatrixRow[] {
  return configs.flatMap(({ id, runner, name, canary }) =>
    canary === undefined ? [] : [{ row: id, runner, name }],
  );
}

export function restRows(configs: readonly PlannedConfig[]): readonly MatrixRow[] {
  return configs.flatMap(({ runner, name, rows }) => rows.map(({ id }) => ({ row: id, runner, name })));
}

/** Outputs `rows-1` … `rows-4`. */
export function rowOutputs(rows: readonly MatrixRow[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Array.from({ length: MATRICES_OF_ROWS }, (_, index) => [
      `rows-${index + 1}`,
      matrixText(rows.slice(index * MOST_OF_A_MATRIX, (index + 1) * MOST_OF_A_MATRIX)),
    ]),
  );
}
