import { open, readFile } from 'node:fs/promises';
import type { z } from 'zod';
import { SweeplineError, messageOf } from '../../errors.js';

/** A line of a file and its number, from 1. */
export interface Line {
  readonly text: string;
  readonly number: number;
}

/**
 * The lines of a file that have something in them, one after the other: traces don't fit memory.
 * @throws {SweeplineError} WORKLOAD_INVALID when it can't be read.
 */
export async function* readLines(file: string): AsyncGenerator<Line> {
  let number = 0;
  try {
    await using handle = await open(file);
    if (!(await handle.stat()).isFile()) throw new Error('it is no file');
    for await (const text of handle.readLines({ autoClose: false })) {
      number++;
      if (text.trim() !== '') yield { text, number };
    }
  } catch (cause) {
    throw cause instanceof SweeplineError ? cause : unreadable(file, cause);
  }
}

/** @throws {SweeplineError} WORKLOAD_INVALID when it can't be read or is not what the schema says. */
export async function readJson<S extends z.ZodType>(file: string, schema: S): Promise<z.output<S>> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    throw unreadable(file, cause);
  }
  return parse(text, schema, { file });
}

/** @throws {SweeplineError} WORKLOAD_INVALID with its place when it is not JSON, or not what the schema says. */
export function parse<S extends z.ZodType>(
  text: string,
  schema: S,
  where: { readonly file: string; readonly line?: number },
): z.output<S> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new SweeplineError('WORKLOAD_INVALID', `not JSON: ${messageOf(cause)}`, { where, cause });
  }
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const key = issue?.path.join('.') ?? '';
  throw new SweeplineError('WORKLOAD_INVALID', `${key === '' ? '' : `${key}: `}${issue?.message ?? ''}`, {
    where: { ...where, ...(key !== '' && { key }) },
  });
}

function unreadable(file: string, cause: unknown): SweeplineError {
  return new SweeplineError('WORKLOAD_INVALID', `can't read the data set: ${messageOf(cause)}`, {
    where: { file },
    cause,
  });
}
