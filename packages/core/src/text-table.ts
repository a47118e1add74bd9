import { onOneLine } from './printable.js';

type Row = readonly string[];

const GAP = '  ';

/**
 * Rows as lines, columns two spaces apart and each as wide as its longest cell; `align` is for those after the first. Columns that don't
 * fit `width` characters follow in further tables, each of which repeats the first column.
 */
export function textTable(given: readonly Row[], align: 'left' | 'right' = 'left', width = Infinity): string {
  const rows = given.map((row) => row.map(onOneLine));
  const widths = widthsOf(rows);
  const pad = (cell: string, i: number): string =>
    i === 0 || align === 'left' ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0);
  const padded = rows.map((row) => row.map(pad));
  return blocksOf(widths, width)
    .map((columns) => padded.map((row) => lineOf(columns.flatMap((i) => row[i] ?? []))).join(''))
    .join('\n');
}

/** Characters of the longest cell of each column. */
export function widthsOf(rows: readonly Row[]): readonly number[] {
  const columns = Math.max(0, ...rows.map((row) => row.length));
  return Array.from({ length: columns }, (_, i) =>
    rows.reduce((width, row) => Math.max(width, row[i]?.length ?? 0), 0),
  );
}

/** Characters of a line, with what is between its cells. */
export function lineWidth(widths: readonly number[]): number {
  return widths.reduce((sum, width) => sum + width + GAP.length, -GAP.length);
}

/** Widths of which the largest are as small as it takes to fit a line, but not below `shortest`. */
export function narrowed(widths: readonly number[], line: number, shortest: number): readonly number[] {
  let most = Math.max(0, ...widths);
  const limited = (): readonly number[] => widths.map((width) => Math.min(width, most));
  while (most > shortest && lineWidth(limited()) > line) most--;
  return limited();
}

function lineOf(cells: Row): string {
  return `${cells.join(GAP).trimEnd()}\n`;
}

/** Numbers of the columns that fit next to the first one, in their order. */
function blocksOf(widths: readonly number[], line: number): readonly (readonly number[])[] {
  const blocks: number[][] = [[0]];
  for (let column = 1; column < widths.length; column++) {
    const last = blocks[blocks.length - 1] ?? [];
    const isFull = lineWidth([...last, column].map((i) => widths[i] ?? 0)) > line;
    if (isFull && last.length > 1) blocks.push([0, column]);
    else last.push(column);
  }
  return blocks;
}
