import { SweeplineError } from '../errors.js';
import { MOST_ID } from './tokenizer-json.js';

/** What turns a piece of text that pre-tokenizers leave whole into ids. */
export interface Model {
  readonly vocabulary: ReadonlyMap<string, number>;
  encode(piece: string): readonly number[];
}

/**
 * The vocabulary as a model's JSON has it.
 * @throws {SweeplineError} TOKENIZER_INVALID when it doesn't give ids to tokens.
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
