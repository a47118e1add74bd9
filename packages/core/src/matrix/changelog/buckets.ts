import { FIELD } from '../../config/fields.js';
import type { Dialect, Worker } from '../../config/model.js';
import type { Written } from './entries.js';
import { isAgentic, isMultiNode, recipeFingerprint, type Row } from './row.js';

type Rows = readonly Row[];
type ByLengths = Readonly<Record<string, Rows>>;

/** What starts a sweep, as InferenceX's workflow takes it: each bucket becomes one kind of workflow job. */
export interface ChangelogMatrix {
  /** Benchmarks by sequence lengths, such as 8k1k; those of agents under `agentic`. */
  readonly single_node: ByLengths;
  readonly multi_node: ByLengths;
  /** Runs of evals alone; absent in the dialect of February 2026, where they stand among the benchmarks. */
  readonly evals?: Rows;
  readonly agentic_evals?: Rows;
  readonly multinode_evals?: Rows;
  readonly multinode_agentic_evals?: Rows;
  readonly changelog_metadata: ChangelogMetadata;
}

export interface ChangelogMetadata {
  readonly base_ref: string;
  readonly head_ref: string;
  readonly entries: readonly Written[];
}

export interface Expanded {
  readonly benchmarks: Rows;
  readonly evals: Rows;
}

const AGENTIC = 'agentic';

/** Sorts rows into buckets. `lengthsOf` names the sequence lengths of a row that has them. */
export function toMatrix(
  { benchmarks, evals }: Expanded,
  dialect: Dialect,
  lengthsOf: (isl: number, osl: number) => string,
  changelog_metadata: ChangelogMetadata,
): ChangelogMatrix {
  const bucketOf = (row: Row): string =>
    isAgentic(row) ? AGENTIC : lengthsOf(row[FIELD.isl] ?? 0, row[FIELD.osl] ?? 0);
  const byLengths = (rows: Rows): ByLengths => groupBy(rows.map(complete), bucketOf);
  if (dialect === '2026-02') {
    const { single, multi } = byNodes([...benchmarks, ...evals]);
    return { single_node: byLengths(single), multi_node: byLengths(multi), changelog_metadata };
  }
  const marked = byNodes(
    benchmarks.map((row) => ({ ...row, [FIELD.recipeFingerprint]: recipeFingerprint(row) })),
  );
  const { single, multi } = byNodes(evals);
  const fixed = (rows: Rows): Rows => rows.filter((row) => !isAgentic(row)).map(withEvalFlags);
  const agentic = (rows: Rows): Rows => rows.filter(isAgentic).map(complete);
  return {
    single_node: byLengths(marked.single.map(withEvalFlags)),
    multi_node: byLengths(marked.multi.map(withEvalFlags)),
    evals: fixed(single),
    agentic_evals: agentic(single),
    multinode_evals: fixed(multi),
    multinode_agentic_evals: agentic(multi),
    changelog_metadata,
  };
}

function byNodes(rows: Rows): { readonly single: Rows; readonly multi: Rows } {
  return { single: rows.filter((row) => !isMultiNode(row)), multi: rows.filter(isMultiNode) };
}

function groupBy(rows: Rows, nameOf: (row: Row) => string): ByLengths {
  const groups: Record<string, Row[]> = {};
  for (const row of rows) (groups[nameOf(row)] ??= []).push(row);
  return groups;
}

/** Rows of fixed lengths say of evals what is the default, too. */
function withEvalFlags(row: Row): Row {
  if (isAgentic(row)) return row;
  const flags = { [FIELD.evalOnly]: row[FIELD.evalOnly] ?? false };
  if (!isMultiNode(row)) return { ...row, ...flags };
  return complete({ ...row, ...flags, [FIELD.evalAllConcs]: row[FIELD.evalAllConcs] ?? false });
}

/** Workers list their settings even where there are none, as InferenceX's schema fills them in. */
function complete(row: Row): Row {
  const { prefill, decode } = row;
  if (prefill === undefined || decode === undefined) return row;
  return { ...row, [FIELD.prefill]: withSettings(prefill), [FIELD.decode]: withSettings(decode) };
}

function withSettings(worker: Worker): Worker {
  return { ...worker, [FIELD.additionalSettings]: worker[FIELD.additionalSettings] ?? [] };
}
