import { SweeplineError } from '../errors.js';
import { MOST_ID } from './tokenizer-json.js';

/** Turns a piece of text from the pre-tokenizers into ids. */
export interface Model {
  readonly vocabulary: ReadonlyMap<string, number>;
  encode(piece: string): readonly number[];
}

/**
 * The vocabulary from a model's JSON.
 * @throws {SweeplineError} TOKENIZER_INVALID if it doesn't map tokens to ids.
 */
export function vocabularyOf(vocab: unknown): Map<string, number> {
  const isObject = typeof vocab === 'object' && vocab !== null && !Array.isArray(vocab);
  const vocabulary = new Map(Object.entries(isObject ? (vocab as Readonly<Record<string, number>>) : {}));
  if (vocabulary.size > 0 && [...vocabulary.values()].every(isId)) return vocabulary;
  throw new SweeplineError('TOKENIZER_INVALID', 'model.vocab must map tokens to ids', {
    where: { key: 'model.vocab' },
  });
}

function isId(id: unknown): boolean {
  return Number.isInteger(id) && (id as number) >= 0 && (id as number) <= MOST_ID;
}
