import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects, parquetSchema } from 'hyparquet';
import { extname } from 'node:path';
import { z } from 'zod';
import { SweeplineError, messageOf } from '../../errors.js';
import { ArrayFile, assertReadable, firstCharacterOf, parse, readLines } from './files.js';
import { compressors } from './parquet-compressors.js';

/** A row of a data set, and its position. */
export interface Row {
  readonly values: Readonly<Record<string, unknown>>;
  readonly where: { readonly file: string; readonly line?: number; readonly key?: string };
}

const objectSchema = z.record(z.string(), z.unknown());

const BOM = '\ufeff';

/**
 * The rows of a file (Parquet, a JSON array, or JSON lines), one after the other.
 * @param wanted columns to read. In Parquet no others are read, unless the first of them doesn't exist
 * @throws {SweeplineError} WORKLOAD_INVALID when it can't be read.
 */
export async function* readRows(file: string, wanted: readonly string[]): AsyncGenerator<Row> {
  if (extname(file) === '.parquet') yield* readParquet(file, wanted);
  else if ((await firstCharacterOf(file)) === '[') yield* readArray(file);
  else yield* readJsonLines(file);
}

export async function* readJsonLines(file: string): AsyncGenerator<Row> {
  for await (const { text, number } of readLines(file)) {
    const where = { file, line: number };
    yield {
      values: parse(number === 1 && text.startsWith(BOM) ? text.slice(1) : text, objectSchema, where),
      where,
    };
  }
}

async function* readArray(file: string): AsyncGenerator<Row> {
  await using array = await ArrayFile.open(file);
  for (const place of await array.places(objectSchema, () => true)) {
    const where = { file, line: place.line, key: String(place.index) };
    yield { values: await array.read(objectSchema, place), where };
  }
}

async function* readParquet(path: string, wanted: readonly string[]): AsyncGenerator<Row> {
  await assertReadable(path);
  const file = await reading(path, () => asyncBufferFromFile(path));
  const metadata = await reading(path, () => parquetMetadataAsync(file));
  const names = parquetSchema(metadata).children.map(({ element }) => element.name);
  const [first] = wanted;
  const columns =
    first !== undefined && names.includes(first) ? wanted.filter((name) => names.includes(name)) : names;
  let rowStart = 0;
  for (const group of metadata.row_groups) {
    const rowEnd = rowStart + Number(group.num_rows);
    const options = { file, metadata, columns, rowStart, rowEnd, compressors };
    const found = await reading(path, () => parquetReadObjects(options));
    for (const [i, values] of found.entries()) {
      yield { values, where: { file: path, key: `row ${rowStart + i}` } };
    }
    rowStart = rowEnd;
  }
}

async function reading<T>(file: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (cause) {
    if (cause instanceof SweeplineError) throw cause;
    throw new SweeplineError('WORKLOAD_INVALID', `can't read the Parquet file: ${messageOf(cause)}`, {
      where: { file },
      cause,
    });
  }
}
