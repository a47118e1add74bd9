import { onOneLine } from './printable.js';

/** Rows as lines, columns two spaces apart and each as wide as its longest cell; those after the first are aligned as said. */
export function textTable(given: readonly (readonly string[])[], align: 'left' | 'right' = 'left'): string {
  const rows = given.map((row) => row.map(onOneLine));
  const columns = Math.max(0, ...rows.map((row) => row.length));
  const widths = Array.from({ length: columns }, (_, i) =>
    rows.reduce((width, row) => Math.max(width, row[i]?.length ?? 0), 0),
  );
  const pad = (cell: string, i: number): string =>
    i === 0 || align === 'left' ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0);
  return rows.map((row) => `${row.map(pad).join('  ').trimEnd()}\n`).join('');
}
