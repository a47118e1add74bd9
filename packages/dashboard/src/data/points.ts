import { devicesOf } from '../model/devices.js';
import { POINT_COLUMNS } from '../site/site-data.js';
import {
  flagColumn,
  numberColumn,
  textColumn,
  textsColumn,
  type ColumnData,
  type TableData,
} from '../site/table.js';
import { namesIn, type Chosen } from './chosen.js';
import { asFlag, asNumber, asText } from './columns.js';
import { recipesOf } from './recipes.js';

/** `points`: a row per chosen point. What the store has no column for is missing in all rows. */
export async function pointsTable(chosen: Chosen): Promise<TableData> {
  const { columns, points } = chosen;
  const { text, number, flag } = POINT_COLUMNS;
  const names = namesIn(columns, [...text, ...number, 'pp', ...flag]);
  const cells = await chosen.cells(names);
  const of = (name: string) => cells.get(name) ?? Array.from({ length: points }, () => null);
  const data: Record<string, ColumnData> = {};
  for (const name of text) data[name] = textColumn(of(name).map(asText));
  data['recipe'] = textColumn(await recipesOf(chosen));
  for (const name of number) data[name] = numberColumn(of(name).map(asNumber));
  for (const name of flag) data[name] = flagColumn(of(name).map(asFlag));
  data['devices'] = devicesColumn(points, (name, row) => cells.get(name)?.[row]);
  data['marks'] = textsColumn(await chosen.marks());
  return { rows: points, columns: data };
}

function devicesColumn(points: number, cellOf: (name: string, row: number) => unknown): ColumnData {
  return numberColumn(
    Array.from({ length: points }, (_, row) => devicesOf((name) => cellOf(name, row) ?? undefined)),
  );
}
