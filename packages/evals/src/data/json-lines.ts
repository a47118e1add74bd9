import { SweeplineError, z } from '@sweepline/core';
import type { Doc } from '../task/template.js';

const docSchema = z.record(z.string(), z.unknown());
/** Strings, and numbers between them. */
const TOKENS = /"(?:[^"\\]|\\.)*"|(-?\d[\d.eE+-]*)/gu;

/** The documents of JSON lines. @throws {SweeplineError} WORKLOAD_INVALID with the line that can't be read exactly */
export function docsInLines(bytes: Uint8Array, file: string): readonly Doc[] {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw invalid('it is not UTF-8 text', file, undefined, cause);
  }
  return text.split('\n').flatMap((line, i) => (line.trim() === '' ? [] : [docOf(line, file, i + 1)]));
}

function docOf(text: string, file: string, line: number): Doc {
  let doc: Doc;
  try {
    doc = docSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw invalid('a line that is not a JSON object', file, line, cause);
  }
  for (const [, number] of text.matchAll(TOKENS))
    if (number !== undefined && String(Number(number)) !== number)
      throw invalid(
        `the number ${number} would be printed as ${Number(number)}: write it as text`,
        file,
        line,
      );
  return doc;
}

function invalid(message: string, file: string, line?: number, cause?: unknown): SweeplineError {
  return new SweeplineError('WORKLOAD_INVALID', message, {
    where: { file, ...(line !== undefined && { line }) },
    cause,
  });
}
