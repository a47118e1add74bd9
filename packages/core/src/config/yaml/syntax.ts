import { LIMITS } from './limits.js';
import type { Flaw } from './places.js';

/**
 * What is wrong with text that isn't YAML, from its first mistake on; nothing where the parser that goes on after
 * mistakes sees none. It is slow, so it doesn't get to see more than it needs.
 */
export async function syntaxFlaws(source: string, firstMistake: number): Promise<readonly Flaw[]> {
  const { parseDocument } = await import('yaml'); // heavy, and needed only where something is wrong
  const end = endOfLook(source, firstMistake);
  try {
    const { errors } = parseDocument(source.slice(0, end), {
      prettyErrors: false,
      uniqueKeys: false,
      logLevel: 'silent',
    });
    // What the cut itself brings about stands at the end.
    return errors
      .map(({ message, pos }) => ({ offset: pos[0], message }))
      .filter(({ offset }) => source.length <= end || offset < end);
  } catch {
    return []; // it gave up
  }
}

/** What may begin a collection within another: brackets, and `- - `, `? ? ` and the like. */
const BEGINS = /[[{]|[-?:] (?=[-?:] )/g;

/** Collections in collections without end would cost the parser its stack, and the process its life. */
function endOfLook(source: string, start: number): number {
  const ahead = source.slice(start, start + LIMITS.lookahead);
  const tooDeep = [...ahead.matchAll(BEGINS)][LIMITS.lookaheadDepth];
  return start + (tooDeep?.index ?? LIMITS.lookahead);
}
