import type { RunnerConfig } from '../config/model.js';
import type { KeyedEntry } from './walk.js';

interface FilterRow {
  /** The option's argument and description. */
  readonly value: string;
  readonly help: string;
  readonly keeps: (entry: KeyedEntry, wanted: readonly string[]) => boolean;
}

/** One row per filter on config entries. Commands have an option for each. */
export const ENTRY_FILTERS = {
  modelPrefix: {
    value: 'prefix',
    help: 'keep entries whose key starts with one of these',
    keeps: ({ key }, wanted) => wanted.some((prefix) => key.startsWith(prefix)),
  },
  precision: {
    value: 'precision',
    help: 'keep these precisions',
    keeps: ({ entry }, wanted) => wanted.includes(entry.precision),
  },
  framework: {
    value: 'framework',
    help: 'keep these frameworks',
    keeps: ({ entry }, wanted) => wanted.includes(entry.framework),
  },
  runnerType: {
    value: 'runner',
    help: 'keep these runners',
    keeps: ({ entry }, wanted) => wanted.includes(entry.runner),
  },
} as const satisfies Readonly<Record<string, FilterRow>>;

export type EntryFilterName = keyof typeof ENTRY_FILTERS;
export const ENTRY_FILTER_NAMES = Object.keys(ENTRY_FILTERS) as readonly EntryFilterName[];

/** Which config entries to keep; omitted filters keep all. */
export type EntryFilter = { readonly [Name in EntryFilterName]?: readonly string[] };

/** The name of the first filter that removes an entry. */
export function leftOutBy(entry: KeyedEntry, filter: EntryFilter): EntryFilterName | undefined {
  return ENTRY_FILTER_NAMES.find((name) => {
    const wanted = filter[name];
    return wanted !== undefined && wanted.length > 0 && !ENTRY_FILTERS[name].keeps(entry, wanted);
  });
}

/** A runner label's nodes whose name contains `part`. */
export function nodesWith(part: string, label: string, runners: RunnerConfig): readonly string[] {
  return nodesOf(label, runners).filter((node) => node.includes(part));
}

export function nodesOf(label: string, runners: RunnerConfig): readonly string[] {
  const { labels } = runners;
  return Object.hasOwn(labels, label) ? (labels[label] ?? []) : [];
}
