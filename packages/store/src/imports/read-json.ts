import { textIn, type FileTree } from '../file-tree.js';
import { parsed } from '../json.js';

/** Text in quotes, or what Python's json writes for numbers that JSON doesn't have. */
const NOT_JSON = /"(?:[^"\\]|\\.)*"|-?\bInfinity\b|\bNaN\b/g;

/** Reads JSON as Python writes it: numbers that are none become null, so that they are missing. @throws {Error} that names the file */
export async function readJson(tree: FileTree, path: string): Promise<unknown> {
  try {
    const text = (await textIn(tree, path)).replace(/^\uFEFF/, '');
    return parsed(text) ?? (JSON.parse(text.replace(NOT_JSON, withoutNumbers)) as unknown);
  } catch (cause) {
    throw new Error(`can't read ${path}: ${cause instanceof Error ? cause.message : String(cause)}`, {
      cause,
    });
  }
}

function withoutNumbers(match: string): string {
  return match.startsWith('"') ? match : 'null';
}
