import type { FacetCodes } from './filters.js';
import { MISSING } from './filters.js';
import { specWords } from './point-words.js';
import { OWN } from './read-from.js';

/** Points that make up one front: alike in all but their load and parallelism. */
export interface Series {
  /** In the address. */
  readonly key: string;
  /** By key of the facet. */
  readonly values: ReadonlyMap<string, string>;
}

/** Facets that keep series apart, in the order of their names. Numbers of different origins are never on one front. */
const PARTS = ['model', 'lengths', 'sku', 'framework', 'precision', 'spec', 'disagg', 'origin'] as const;
/** Keeps series of dropped files apart from the site's own, where there are both. */
const FROM = 'from';
/** Parts that names always have; the others only if shown series differ in them. */
const NAMED: ReadonlySet<string> = new Set(['sku', 'framework', 'precision', 'spec', 'disagg']);

export interface SeriesOfRows {
  /** In the order of their keys. */
  readonly series: readonly Series[];
  /** Index into `series`, by row. */
  readonly ofRow: Int32Array;
}

/** @param isByRun whether each run has a series of its own */
export function seriesOfRows(facets: readonly FacetCodes[], isByRun: boolean): SeriesOfRows {
  const hasBoth = facets.some(({ facet, names }) => facet.key === FROM && names.length > 1);
  const keys: readonly string[] = [...PARTS, ...(hasBoth ? [FROM] : []), ...(isByRun ? ['run'] : [])];
  const parts = keys.flatMap((key) => facets.find(({ facet }) => facet.key === key) ?? []);
  const found = new Map<number, number>();
  const series: Series[] = [];
  const rows = facets[0]?.codes.length ?? 0;
  const ids = Int32Array.from({ length: rows }, (_, row) => {
    let hash = 0;
    for (const { names, codes } of parts) hash = hash * (names.length + 1) + (codes[row]?.[0] ?? 0);
    const known = found.get(hash);
    if (known !== undefined) return known;
    found.set(hash, series.length);
    return series.push(seriesAt(parts, row)) - 1;
  });
  const order = series.map((_, id) => id).sort((a, b) => compareKeys(series[a], series[b]));
  const ranks = new Map(order.map((id, rank) => [id, rank]));
  return {
    series: order.flatMap((id) => series[id] ?? []),
    ofRow: ids.map((id) => ranks.get(id) ?? 0),
  };
}

function seriesAt(parts: readonly FacetCodes[], row: number): Series {
  const values = parts.map(
    ({ facet, names, codes }) => [facet.key, names[codes[row]?.[0] ?? 0] ?? MISSING] as const,
  );
  return { key: values.map(([, value]) => value).join('|'), values: new Map(values) };
}

function compareKeys(a: Series | undefined, b: Series | undefined): number {
  return (a?.key ?? '') < (b?.key ?? '') ? -1 : 1;
}

/** Names of series that are shown together: `h200 sglang fp8 MTP`. */
export function seriesNames(series: readonly Series[]): ReadonlyMap<string, string> {
  const differing = new Set(
    [...PARTS, FROM, 'run'].filter((key) => new Set(series.map(({ values }) => values.get(key))).size > 1),
  );
  return new Map(
    series.map(({ key, values }) => {
      const words = [...values].flatMap(([part, value]) =>
        NAMED.has(part) || differing.has(part) ? (wordOf(part, value) ?? []) : [],
      );
      return [key, words.join(' ')];
    }),
  );
}

function wordOf(part: string, value: string): string | undefined {
  if (part === 'spec') return value === MISSING ? undefined : specWords(value);
  if (part === FROM) return value === OWN ? undefined : value;
  if (part === 'disagg') return value === 'yes' ? 'disaggregated' : undefined;
  return value === MISSING ? undefined : value;
}
