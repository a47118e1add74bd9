import type { Flaw } from './places.js';

/** All that is wrong with text that isn't YAML; nothing where the parser that goes on after errors sees none. */
export async function syntaxFlaws(source: string): Promise<readonly Flaw[]> {
  const { parseDocument } = await import('yaml'); // heavy, and needed only where something is wrong
  try {
    const { errors } = parseDocument(source, { prettyErrors: false, uniqueKeys: false, logLevel: 'silent' });
    return errors.map(({ message, pos }) => ({ offset: pos[0], message }));
  } catch {
    return []; // it gave up
  }
}
