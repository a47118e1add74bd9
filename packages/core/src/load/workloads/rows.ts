import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects } from 'hyparquet';
import { extname } from 'node:path';
import { z } from 'zod';
import { SweeplineError, messageOf } from '../../errors.js';
import { ArrayFile, assertReadable, firstCharacterOf, parse, readLines } from './files.js';
import { compressors } from './parquet-compressors.js';

/** A row of a data set, and where it is. */
export interface Row {
  readonly values: Readonly<Record<string, unknown>>;
  readonly where: { readonly file: string; readonly line?: number; readonly key?: string };
}

const objectSchema = z.record(z.string(), z.unknown());

/** Rows that are read at once: texts of a row group need not fit memory. */
const ROWS_AT_ONCE = 1024;

/**
 * The rows of a file, one after the other: of Parquet, of a JSON array, or of JSON lines.
 * @throws {SweeplineError} WORKLOAD_INVALID when it can't be read.
 */
export async function* readRows(file: string): AsyncGenerator<Row> {
  if (extname(file) === '.parquet') yield* readParquet(file);
  else if ((await firstCharacterOf(file)) === '[') yield* readArray(file);
  else yield* readJsonLines(file);
}

export async function* readJsonLines(file: string): AsyncGenerator<Row> {
  for await (const { text, number } of readLines(file)) {
    const where = { file, line: number };
    yield { values: parse(text, objectSchema, where), where };
  }
}

async function* readArray(file: string): AsyncGenerator<Row> {
  await using array = await ArrayFile.open(file);
  for (const place of await array.places(objectSchema, () => true)) {
    const where = { file, line: place.line, key: String(place.index) };
    yield { values: await array.read(objectSchema, place), where };
  }
}

async function* readParquet(path: string): AsyncGenerator<Row> {
  await assertReadable(path);
  const read = async <T>(make: () => Promise<T>): Promise<T> => {
    try {
      return await make();
    } catch (cause) {
      if (cause instanceof SweeplineError) throw cause;
      throw new SweeplineError('WORKLOAD_INVALID', `can't read the Parquet file: ${messageOf(cause)}`, {
        where: { file: path },
        cause,
      });
    }
  };
  const file = await read(() => asyncBufferFromFile(path));
  const metadata = await read(() => parquetMetadataAsync(file));
  const rows = Number(metadata.num_rows);
  for (let rowStart = 0; rowStart < rows; rowStart += ROWS_AT_ONCE) {
    const rowEnd = Math.min(rows, rowStart + ROWS_AT_ONCE);
    const found = await read(() => parquetReadObjects({ file, metadata, rowStart, rowEnd, compressors }));
    for (const [i, values] of found.entries()) {
      yield { values, where: { file: path, key: `row ${rowStart + i}` } };
    }
  }
}
