import { TABLES } from '@sweepline/store/rows';
import { metricFacts } from '../model/metric-facts.js';
import type { MetricColumn, SiteMetric } from '../site/site-data.js';
import type { Chosen } from './chosen.js';
import { asText } from './columns.js';

/** Numbers of the store's own that say something of the measurement. */
const COUNTS = ['offered', 'sent', 'requests_completed', 'requests_failed', 'peak_in_flight'];
/** Columns that are read at once. */
const BATCH = 16;

/** Columns of `results` that are numbers of a measurement. */
export function metricKeys(columns: ReadonlySet<string>): readonly string[] {
  const isOther = (name: string): boolean => name in TABLES.result_rows || name === 'is_duplicate';
  return [...columns].filter((name) => !isOther(name) || COUNTS.includes(name));
}

/** Each metric that a chosen point has, with its numbers. */
export async function* metricsOf(chosen: Chosen): AsyncIterable<readonly [SiteMetric, MetricColumn]> {
  const described = await descriptions(chosen);
  const keys = metricKeys(chosen.columns);
  let number = 0;
  for (let from = 0; from < keys.length; from += BATCH) {
    const batch = keys.slice(from, from + BATCH);
    const columns = await chosen.cells(batch);
    for (const key of batch) {
      const values = (columns.get(key) ?? []).map((value) => (typeof value === 'number' ? value : null));
      if (values.every((value) => value === null)) continue;
      const file = `metrics/${fileName(key, number++)}`;
      yield [
        { ...metricFacts(key), ...described.get(key), key, file },
        { key, values },
      ];
    }
  }
}

/** Its key where that can be a file's name anywhere, so that its address stays the same. */
function fileName(key: string, number: number): string {
  return /^[a-z0-9][a-z0-9_.]{0,99}[a-z0-9_]$/.test(key) && !DEVICES.test(key) ? key : `other-${number}`;
}

/** Names that are no files on Windows. */
const DEVICES = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/;

/** What runs say of their metrics; the newest run of those that have chosen points. */
async function descriptions(chosen: Chosen): Promise<ReadonlyMap<string, Partial<SiteMetric>>> {
  const rows = await chosen.outputs();
  return new Map(
    rows.map(([key, label, unit, better, definition]) => {
      const known: Partial<SiteMetric> = {
        label: asText(label) ?? asText(key) ?? '',
        unit: asText(unit) ?? '',
        better: better === 'lower' || better === 'higher' ? better : 'neither',
        definition: asText(definition) ?? '',
      };
      return [asText(key) ?? '', known];
    }),
  );
}
