import type { Column } from '@sweepline/store/rows';
import { flagColumn, numberColumn, textColumn, type ColumnData } from '../site/table.js';
import type { Cell } from './chosen.js';

export function asText(cell: Cell | undefined): string | undefined {
  return typeof cell === 'string' && cell !== '' ? cell : undefined;
}

export function asNumber(cell: Cell | undefined): number | undefined {
  return typeof cell === 'number' ? cell : undefined;
}

export function asFlag(cell: Cell | undefined): boolean | undefined {
  return typeof cell === 'boolean' ? cell : undefined;
}

/** Cells of a column of the store as the site has them. */
export function columnData(type: Column['type'], cells: readonly Cell[]): ColumnData {
  if (type === 'flag') return flagColumn(cells.map(asFlag));
  return type === 'text' || type === 'time'
    ? textColumn(cells.map(asText))
    : numberColumn(cells.map(asNumber));
}
