import { FIELD } from '../config/fields.js';
import type { RunnerConfig } from '../config/model.js';
import type { KeyedEntry } from './walk.js';

/** Which config entries to keep; what is left out keeps all. */
export interface EntryFilter {
  /** Starts of config keys. */
  readonly modelPrefix?: readonly string[];
  readonly precision?: readonly string[];
  readonly framework?: readonly string[];
  readonly runnerType?: readonly string[];
}

/** One row a filter; each says what it compares. */
const FILTERS: readonly {
  readonly name: keyof EntryFilter;
  readonly keeps: (entry: KeyedEntry, wanted: readonly string[]) => boolean;
}[] = [
  { name: 'modelPrefix', keeps: ({ key }, wanted) => wanted.some((prefix) => key.startsWith(prefix)) },
  { name: 'precision', keeps: ({ entry }, wanted) => wanted.includes(entry[FIELD.precision]) },
  { name: 'framework', keeps: ({ entry }, wanted) => wanted.includes(entry[FIELD.framework]) },
  { name: 'runnerType', keeps: ({ entry }, wanted) => wanted.includes(entry[FIELD.runner]) },
];

/** The name of the first filter that leaves an entry out. */
export function leftOutBy(entry: KeyedEntry, filter: EntryFilter): keyof EntryFilter | undefined {
  return FILTERS.find(({ name, keeps }) => {
    const wanted = filter[name];
    return wanted !== undefined && wanted.length > 0 && !keeps(entry, wanted);
  })?.name;
}

/** A runner label's nodes whose name contains `part`. */
export function nodesWith(part: string, label: string, runners: RunnerConfig): readonly string[] {
  return nodesOf(label, runners).filter((node) => node.includes(part));
}

export function nodesOf(label: string, runners: RunnerConfig): readonly string[] {
  const { [FIELD.labels]: labels } = runners;
  return Object.hasOwn(labels, label) ? (labels[label] ?? []) : [];
}
