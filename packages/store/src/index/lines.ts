import { open } from 'node:fs/promises';

export interface JsonLine {
  /** From 1. */
  readonly number: number;
  readonly text: string;
  /** Undefined if it is not JSON. */
  parse(): unknown;
}

/** Lines of a file of JSON; none if it isn't there. Empty ones are left out. */
export async function* linesOf(path: string): AsyncIterable<JsonLine> {
  const file = await open(path).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  });
  if (file === undefined) return;
  await using _ = file;
  let number = 0;
  for await (const text of file.readLines()) {
    number += 1;
    if (text.trim() !== '') yield { number, text, parse: () => parsed(text) };
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
