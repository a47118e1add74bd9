import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { list, object, parsed, text, type Json } from '../json.js';
import { isGpu, isPrecision, modelOf } from './dashboard-names.js';

/** The content of `changelog_metadata.json`, and what of the run's entries is not in it. */
export interface ChangelogExport {
  /** Undefined where the run has no entry that can be exported. */
  readonly metadata: Json | undefined;
  /** Reasons, by key, or by the entry's number from 1. */
  readonly heldBack: readonly { readonly name: string; readonly remarks: readonly string[] }[];
  readonly notes: readonly { readonly name: string; readonly remarks: readonly string[] }[];
}

export const NO_CHANGELOG: ChangelogExport = { metadata: undefined, heldBack: [], notes: [] };

/**
 * The entries of a changelog that a run was started for, as the dashboard reads them.
 * @param folder the run's
 * @param hasRows whether the run has benchmarks: the dashboard skips all of them for one entry that is only for evals
 */
export async function changelogOf(
  folder: string,
  { hasRows }: { readonly hasRows: boolean },
): Promise<ChangelogExport> {
  const run = object(parsed(await readFile(join(folder, 'run.json'), 'utf8').catch(() => undefined)));
  const { baseRef, headRef, entries } = object(run['changelog']);
  if (text(baseRef) === undefined || text(headRef) === undefined) return NO_CHANGELOG;
  const read = list(entries).map((entry, index) => exportedEntry(entry, String(index + 1), hasRows));
  const kept = read.flatMap(({ entry }) => (entry === undefined ? [] : [entry]));
  const overlooked = `the dashboard keeps the first of ${kept.length} entries`;
  return {
    metadata: kept.length === 0 ? undefined : { base_ref: baseRef, head_ref: headRef, entries: kept },
    heldBack: read.flatMap(({ heldBack }) => heldBack),
    notes: kept.length > 1 ? [{ name: 'entries', remarks: [overlooked] }] : [],
  };
}

interface ExportedEntry {
  readonly entry?: Json;
  readonly heldBack: ChangelogExport['heldBack'];
}

function exportedEntry(entry: Json, name: string, hasRows: boolean): ExportedEntry {
  const keys = textsOf(entry['config-keys']);
  const isEvalsOnly = entry['evals-only'] === true;
  const readable = keys.filter(isReadable);
  const unread = keys
    .filter((key) => !isReadable(key))
    .map((key) => ({
      name: key,
      remarks: ['the dashboard reads keys of the form prefix-precision-gpu-framework alone'],
    }));
  if (isEvalsOnly && hasRows) {
    const why = 'it is only for evals, and the dashboard would skip all benchmarks of the run';
    return { heldBack: [...unread, { name, remarks: [why] }] };
  }
  if (readable.length === 0) return { heldBack: unread };
  const description = textsOf(entry['description']);
  const shown = description.filter((line) => !PRIVATE_PATH.test(line));
  const link = text(entry['pr-link']);
  return {
    entry: {
      'config-keys': readable,
      description: shown,
      ...(link !== undefined && /^https?:\/\//.test(link) && { 'pr-link': link }),
      'evals-only': isEvalsOnly,
    },
    heldBack:
      shown.length === description.length
        ? unread
        : [...unread, { name, remarks: ['lines of its description with a path of a machine'] }],
  };
}

/** A path in somebody's home. */
const PRIVATE_PATH = /(?:^|[^\w.-])(?:\/(?:home|Users|root)\/|[A-Za-z]:\\)/;

/** `{prefix}-{precision}-{gpu}-{framework}[-mtp]`. Source: packages/app/src/lib/utils.ts of InferenceX-app, filterRunsByModel. */
function isReadable(key: string): boolean {
  const [prefix = '', precision = '', gpu = '', framework = ''] = key.split('-');
  return modelOf(prefix, undefined) !== undefined && isPrecision(precision) && isGpu(gpu) && framework !== '';
}

function textsOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.flatMap((one) => text(one) ?? []) : [];
}
