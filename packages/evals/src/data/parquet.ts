import { readRows } from '@sweepline/core/load';
import type { Doc } from '../task/template.js';

/** The documents of a Parquet file. @throws {SweeplineError} WORKLOAD_INVALID when it can't be read */
export async function docsInParquet(file: string): Promise<readonly Doc[]> {
  const docs: Doc[] = [];
  for await (const { values } of readRows(file, [])) docs.push(docOf(values));
  return docs;
}

/**
 * Only integers of 64 bits can be distinguished from floating-point numbers, which Python prints otherwise: any other number is kept as something
 * that no template can print.
 */
function docOf(values: Readonly<Record<string, unknown>>): Doc {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => {
      if (typeof value === 'number') return [name, { number: value }];
      return [name, typeof value === 'bigint' ? Number(value) : value];
    }),
  );
}
