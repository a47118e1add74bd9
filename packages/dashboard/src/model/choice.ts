import type { TableData } from '../site/table.js';
import { flagAt } from './cells.js';
import { ALL, parseValues, type Choice, type FacetCodes } from './filters.js';
import { outcomeOf } from './outcomes.js';

/** What an address chooses of each facet. Where it says nothing, the model and the lengths with the most valid points are chosen. */
export function choiceOf(
  facets: readonly FacetCodes[],
  params: Readonly<Record<string, string>>,
  busiest: ReadonlyMap<string, string>,
): Choice {
  const entries = facets.flatMap(({ facet }): readonly (readonly [string, ReadonlySet<string>])[] => {
    const text = params[facet.key];
    if (text === ALL) return [];
    if (text !== undefined) return [[facet.key, new Set(parseValues(text))]];
    const first = facet.first ?? (busiest.has(facet.key) ? [busiest.get(facet.key) ?? ''] : undefined);
    return first === undefined ? [] : [[facet.key, new Set(first)]];
  });
  return new Map(entries);
}

/** Model and lengths with the most valid points, by key of the facet. */
export function busiestOf(points: TableData, facets: readonly FacetCodes[]): ReadonlyMap<string, string> {
  const [model, lengths] = ['model', 'lengths'].map((key) => facets.find(({ facet }) => facet.key === key));
  const counts = new Map<string, { count: number; readonly model: string; readonly lengths: string }>();
  let best: { readonly count: number; readonly model: string; readonly lengths: string } | undefined;
  for (let row = 0; row < points.rows; row += 1) {
    if (outcomeOf(points, row) !== 'valid' || flagAt(points, 'is_duplicate', row) === true) continue;
    const [of, length] = [model?.codes[row]?.[0] ?? 0, lengths?.codes[row]?.[0] ?? 0];
    const key = `${of} ${length}`;
    const entry = counts.get(key) ?? {
      count: 0,
      model: model?.names[of] ?? '',
      lengths: lengths?.names[length] ?? '',
    };
    entry.count += 1;
    counts.set(key, entry);
    if (best === undefined || entry.count > best.count) best = entry;
  }
  return best === undefined
    ? new Map()
    : new Map([
        ['model', best.model],
        ['lengths', best.lengths],
      ]);
}
