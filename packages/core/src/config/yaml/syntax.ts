import { LIMITS } from './limits.js';
import type { Flaw } from './places.js';

/**
 * The syntax mistakes of a text, from the first one on; empty if the second parser, which continues after mistakes, finds none.
 * It is slow, so it only gets the part that it needs.
 */
export async function syntaxFlaws(source: string, firstMistake: number): Promise<readonly Flaw[]> {
  const { parseDocument } = await import('yaml'); // Large, and needed only if there is a mistake.
  const end = endOfLook(source, firstMistake);
  try {
    const { errors } = parseDocument(source.slice(0, end), {
      prettyErrors: false,
      uniqueKeys: false,
      logLevel: 'silent',
    });
    // Mistakes caused by the cut itself are at the end.
    return errors
      .map(({ message, pos }) => ({ offset: pos[0], message }))
      .filter(({ offset }) => source.length <= end || offset < end);
  } catch {
    return []; // The parser gave up.
  }
}

/** What may begin a nested collection: brackets, and `- - `, `? ? ` and the like. */
const BEGINS = /[[{]|[-?:] (?=[-?:] )/g;

/** Endlessly nested collections would overflow the parser's stack and crash the process. */
function endOfLook(source: string, start: number): number {
  const ahead = source.slice(start, start + LIMITS.lookahead);
  const tooDeep = [...ahead.matchAll(BEGINS)][LIMITS.lookaheadDepth];
  return start + (tooDeep?.index ?? LIMITS.lookahead);
}
