import { concurrenciesOf, isMultiNode } from '../job.js';
import { recipeOf, type Row } from './row.js';

/** Each recipe only at its lowest concurrency: enough to see that a change runs. */
export function trimConcurrencies(rows: readonly Row[]): readonly Row[] {
  const lowest = new Map<string, Row>();
  for (const row of rows) {
    if (isMultiNode(row)) continue;
    const recipe = recipeOf(row);
    const other = lowest.get(recipe);
    if (other === undefined || minimum(row) < minimum(other)) lowest.set(recipe, row);
  }
  const kept = new Set(lowest.values());
  return rows.flatMap((row): readonly Row[] => {
    if (isMultiNode(row)) return [{ ...row, conc: [minimum(row)] }];
    return kept.has(row) ? [row] : [];
  });
}

const minimum = (row: Row): number => Math.min(...concurrenciesOf(row));
