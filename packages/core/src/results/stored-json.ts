import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { SweeplineError } from '../errors.js';
import { fileProblem } from '../file-problem.js';

/** Newest versions that this code reads, by kind of file. */
const NEWEST: Readonly<Record<string, number>> = { run: 2, result: 2, 'max-rate': 1 };

/**
 * Reads a JSON file of a run. Members that the schema doesn't know are kept: a later Sweepline may have written them.
 * @throws {SweeplineError} RESULT_READ_FAILED
 */
export async function readJson<T>(file: string, schema: z.ZodType<T>, hint?: string): Promise<T> {
  try {
    return checked(JSON.parse(await readFile(file, 'utf8')), schema);
  } catch (cause) {
    throw notRead(file, cause, hint);
  }
}

/** Returns the value unchanged if it matches the schema. @throws {Error} what is wrong with it */
export function checked<T>(value: unknown, schema: z.ZodType<T>): T {
  refuseNewer(value);
  schema.parse(value);
  return value as T;
}

export function notRead(file: string, cause: unknown, hint?: string): SweeplineError {
  return new SweeplineError('RESULT_READ_FAILED', `can't read it: ${fileProblem(cause)}`, {
    where: { file },
    hint,
    cause,
  });
}

const versioned = z.object({ schema: z.string().regex(/^sweepline\.[\w-]+\/\d+$/) });

function refuseNewer(value: unknown): void {
  const { data } = versioned.safeParse(value);
  const [kind = '', version] = data?.schema.replace('sweepline.', '').split('/') ?? [];
  const newest = NEWEST[kind] ?? Infinity;
  if (Number(version) > newest) {
    const read = newest === 1 ? 'version 1' : `versions 1 to ${newest}`;
    throw new Error(`a newer Sweepline wrote it (${data?.schema}); this one reads ${read}`);
  }
}
