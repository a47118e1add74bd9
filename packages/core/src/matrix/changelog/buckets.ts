import type { Dialect, Worker } from '../../config/model.js';
import type { Written } from './entries.js';
import { isAgentic, isFixedSeqLen, isMultiNode } from '../job.js';
import { seqLenName } from '../seq-lens.js';
import { recipeFingerprint, type Row } from './row.js';

type Rows = readonly Row[];
type ByLengths = Readonly<Record<string, Rows>>;

/** The jobs of a sweep in the form that InferenceX's workflow reads: each bucket becomes one kind of workflow job. */
export interface ChangelogMatrix {
  /** Benchmarks by sequence lengths, such as 8k1k; agentic ones under `agentic`. */
  readonly single_node: ByLengths;
  readonly multi_node: ByLengths;
  /** Runs that are only evals; absent in the dialect of February 2026, where they are among the benchmarks. */
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

/** Sorts rows into buckets. */
export function toMatrix(
  { benchmarks, evals }: Expanded,
  dialect: Dialect,
  changelog_metadata: ChangelogMetadata,
): ChangelogMatrix {
  const bucketOf = (row: Row): string => (isAgentic(row) ? AGENTIC : seqLenName(row.isl, row.osl, dialect));
  const byLengths = (rows: Rows): ByLengths => groupBy(rows, bucketOf);
  if (dialect === '2026-02') {
    const { single, multi } = byNodes([...benchmarks, ...evals].map(withSettings));
    return { single_node: byLengths(single), multi_node: byLengths(multi), changelog_metadata };
  }
  const measured = byNodes(benchmarks.map(withFingerprint).map(complete));
  const evaluated = byNodes(evals.map(complete));
  return {
    single_node: byLengths(measured.single),
    multi_node: byLengths(measured.multi),
    evals: evaluated.single.filter(isFixedSeqLen),
    agentic_evals: evaluated.single.filter(isAgentic),
    multinode_evals: evaluated.multi.filter(isFixedSeqLen),
    multinode_agentic_evals: evaluated.multi.filter(isAgentic),
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

function withFingerprint(row: Row): Row {
  return { ...row, 'recipe-fingerprint': recipeFingerprint(row) };
}

/** InferenceX's schema of rows fills in its defaults: evals of rows with fixed lengths, and settings of workers. */
function complete(row: Row): Row {
  if (isAgentic(row)) return withSettings(row);
  const flagged = { ...row, 'eval-only': row['eval-only'] ?? false };
  if (!isMultiNode(flagged)) return flagged;
  return withSettings({ ...flagged, 'eval-all-concs': flagged['eval-all-concs'] ?? false });
}

function withSettings(row: Row): Row {
  if (!isMultiNode(row)) return row;
  const listed = (worker: Worker): Worker => ({
    ...worker,
    'additional-settings': worker['additional-settings'] ?? [],
  });
  return { ...row, prefill: listed(row.prefill), decode: listed(row.decode) };
}
