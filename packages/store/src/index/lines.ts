import type { FileTree } from '../file-tree.js';
import { parsed } from '../json.js';

export interface JsonLine {
  /** From 1. */
  readonly number: number;
  readonly text: string;
  /** Undefined if it is not JSON. */
  parse(): unknown;
}

/** Lines of a file of JSON; none if it isn't there. Empty ones are left out. */
export async function* linesOf(tree: FileTree, path: string): AsyncIterable<JsonLine> {
  let number = 0;
  for await (const text of tree.lines(path)) {
    number += 1;
    if (text.trim() !== '') yield { number, text, parse: () => parsed(text) };
  }
}
