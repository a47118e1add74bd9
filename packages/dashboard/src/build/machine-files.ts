import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Mask } from '@sweepline/core';
import { csv, writeTable, type TableColumn } from '@sweepline/store/read';
import { cellOf, type ColumnData } from '../site/table.js';
import { llmsText } from './llms-text.js';
import { siteJsonSchema } from './site-schemas.js';
import { writeFlushed } from './write-flushed.js';
import type { WrittenSite } from './write-tables.js';

/** Writes what other programs read: the points with all of their numbers as tables, the schema of the data, and what is where. */
export async function writeMachineFiles(folder: string, site: WrittenSite, mask: Mask): Promise<void> {
  await writeFlushed(join(folder, 'llms.txt'), mask.text(llmsText(site.index)));
  const data = join(folder, 'data');
  await mkdir(data, { recursive: true });
  await writeFlushed(join(data, 'schema.json'), `${JSON.stringify(siteJsonSchema(), undefined, 2)}\n`);
  const columns = tableOf(site, mask);
  await writeTable(columns, join(data, 'points.parquet'));
  const rows = Array.from({ length: site.points.rows }, (_, row) =>
    columns.map(({ values }) => values[row] ?? null),
  );
  await writeFlushed(join(data, 'points.csv'), csv({ columns: columns.map(({ name }) => name), rows }));
}

function tableOf({ points, metrics }: WrittenSite, mask: Mask): readonly TableColumn[] {
  const described = Object.entries(points.columns).map(([name, column]) => ({
    name,
    type: typeOf(column),
    values: Array.from({ length: points.rows }, (_, row) => {
      const cell = cellOf(column, row) ?? null;
      const plain = typeof cell === 'object' && cell !== null ? cell.join(' ') : cell;
      return typeof plain === 'string' ? mask.text(plain) : plain;
    }),
  }));
  return [
    ...described,
    ...metrics.map(({ key, values }) => ({ name: key, type: 'number' as const, values })),
  ];
}

function typeOf({ type }: ColumnData): TableColumn['type'] {
  return type === 'texts' ? 'text' : type;
}
