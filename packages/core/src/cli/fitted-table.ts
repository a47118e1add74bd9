import { onOneLine } from '../printable.js';
import { wrap } from '../report/terminal/wrap.js';
import { shortened } from '../shortened.js';
import { lineWidth, narrowed, textTable, widthsOf } from '../text-table.js';

/** Characters that a cell keeps at least: fewer would make rows look alike. */
const SHORTEST_CELL = 16;

/**
 * A table of texts that fits `width` characters. Where it is too wide, what all rows have in common stands above it, and then the longest
 * cells are shortened, as far as rows stay different. The first column always stays.
 */
export function fittedTable(
  heads: readonly string[],
  given: readonly (readonly string[])[],
  width: number,
): string {
  const rows = given.map((row) => row.map(onOneLine));
  if (lineWidth(widthsOf([heads, ...rows])) <= width) return textTable([heads, ...rows]);
  const [first, ...others] = rows;
  const isCommon = heads.map((_, i) => i > 0 && others.every((row) => row[i] === first?.[i]));
  const common = heads.flatMap((head, i) => (isCommon[i] && first?.[i] ? [`${head} ${first[i]}`] : []));
  const table = [heads, ...rows].map((row) => row.filter((_, i) => !isCommon[i]));
  const widths = narrowed(widthsOf(table), width, SHORTEST_CELL);
  const cells = table.map((row) => row.map((cell, i) => shortened(cell, widths[i] ?? 0)));
  const above = common.length === 0 ? [] : [...wrap(common.join(', '), width), ''];
  return [...above.map((line) => `${line}\n`), textTable(cells)].join('');
}
