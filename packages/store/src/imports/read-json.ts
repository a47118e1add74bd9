import { readFile } from 'node:fs/promises';
import { messageOf, SweeplineError } from '@sweepline/core';

/** Text in quotes, or what Python's json writes for numbers that JSON doesn't have. */
const NOT_JSON = /"(?:[^"\\]|\\.)*"|-?\bInfinity\b|\bNaN\b/g;

/** Reads JSON as Python writes it: numbers that are none become null, so that they are missing. @throws {SweeplineError} RESULT_READ_FAILED */
export async function readJson(path: string): Promise<unknown> {
  try {
    const text = (await readFile(path, 'utf8')).replace(/^\uFEFF/, '');
    return parsed(text) ?? (JSON.parse(text.replace(NOT_JSON, withoutNumbers)) as unknown);
  } catch (error) {
    throw new SweeplineError('RESULT_READ_FAILED', `can't read ${path}: ${messageOf(error)}`, {
      cause: error,
    });
  }
}

function withoutNumbers(match: string): string {
  return match.startsWith('"') ? match : 'null';
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
