import type { TableData } from '../site/table.js';
import { numberAt, rowsOf, textAt } from './cells.js';

export interface SampleSeries {
  /** A device's number, or `server`. */
  readonly source: string;
  readonly points: readonly (readonly [ms: number, value: number])[];
}

/** What was read, by name, with a series per device or server, each in the order of time. */
export function samplesByName(table: TableData): ReadonlyMap<string, readonly SampleSeries[]> {
  const byName = new Map<string, Map<string, [number, number][]>>();
  for (const row of rowsOf(table)) {
    const [name, ms, value] = [
      textAt(table, 'name', row),
      numberAt(table, 'ms', row),
      numberAt(table, 'value', row),
    ];
    if (name === undefined || ms === undefined || value === undefined) continue;
    const source = textAt(table, 'source', row) ?? '';
    const sources = byName.get(name) ?? new Map<string, [number, number][]>();
    byName.set(name, sources);
    const points = sources.get(source) ?? [];
    sources.set(source, points);
    points.push([ms, value]);
  }
  const collator = new Intl.Collator('en', { numeric: true });
  return new Map(
    [...byName].map(([name, sources]) => [
      name,
      [...sources]
        .map(([source, points]) => ({ source, points: points.sort((a, b) => a[0] - b[0]) }))
        .sort((a, b) => collator.compare(a.source, b.source)),
    ]),
  );
}

/** Names of samples in words, with the unit. */
export function sampleWords(name: string): { readonly label: string; readonly unit: string } {
  return WORDS.get(name) ?? { label: name, unit: '' };
}

const WORDS: ReadonlyMap<string, { readonly label: string; readonly unit: string }> = new Map([
  ['power_w', { label: 'Power of each device', unit: 'W' }],
  ['kv_usage', { label: 'KV cache in use on the server', unit: 'share' }],
  ['queue', { label: 'Requests that wait on the server', unit: 'requests' }],
  ['running', { label: 'Requests that the server works on', unit: 'requests' }],
]);
