import { object, type Json } from '../json.js';
import type { SourceRow } from '../index/rows.js';
import type { Imported } from './format.js';
import { readJson } from './read-json.js';
import { Skipped } from './skipped.js';

/** A row of a file. */
export interface FileRow {
  readonly row: Json;
  readonly run: string;
  /** The file's name and the row's index: unique in its run. */
  readonly point: string;
  readonly file: string;
}

/**
 * Reads the rows of a file that has an array of them, or one.
 * @param toRows gives what a row says, or in words why it says nothing
 */
export async function* eachRow(
  { run, files, tree }: Imported,
  toRows: (row: FileRow) => Iterable<SourceRow> | string,
): AsyncIterable<SourceRow> {
  for (const [name, file] of files) {
    const content = await readJson(tree, file);
    const skipped = new Skipped();
    for (const [index, value] of (Array.isArray(content) ? content : [content]).entries()) {
      const rows =
        Object.keys(object(value)).length === 0
          ? 'it is no row'
          : toRows({ row: object(value), run, point: `${name}:${index}`, file });
      if (typeof rows === 'string') skipped.add(rows);
      else yield* rows;
    }
    yield* skipped.rows(run, file);
  }
}

/** Objects of an array, or the object. */
export function firstOf(content: unknown): Json {
  return object(
    Array.isArray(content) ? content.find((value) => Object.keys(object(value)).length > 0) : content,
  );
}
