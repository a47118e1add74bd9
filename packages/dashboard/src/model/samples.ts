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
export function sampleWords(name: string): Words {
  return WORDS.get(name) ?? { label: name, unit: '' };
}

type Words = { readonly label: string; readonly unit: string };

const words = (label: string, unit: string): Words => ({ label, unit });

const WORDS: ReadonlyMap<string, Words> = new Map([
  ['power_w', words('Power of each device', 'W')],
  ['memory_used_gib', words('Memory in use on each device', 'GiB')],
  ['kv_usage', words('KV cache in use', 'share')],
  ['queue', words('Requests that wait on the server', 'requests')],
  ['running', words('Requests that the server computes', 'requests')],
  ['promptTokens', words('Prompt tokens since the server started', 'tokens')],
  ['generationTokens', words('Output tokens since the server started', 'tokens')],
  ['preemptions', words('Preemptions since the server started', 'requests')],
  ['prefixQueries', words('Looked up in the prefix cache since the server started', 'tokens or blocks')],
  ['prefixHits', words('Found in the prefix cache since the server started', 'tokens or blocks')],
  ['prefixHitRate', words('Hit rate of the prefix cache', 'share')],
  ['drafts', words('Steps with drafts since the server started', 'steps')],
  ['draftTokens', words('Drafted tokens since the server started', 'tokens')],
  ['acceptedTokens', words('Accepted draft tokens since the server started', 'tokens')],
  ['acceptanceLength', words('Tokens per step', 'tokens')],
  ['acceptanceRate', words('Accepted share of drafts', 'share')],
]);
