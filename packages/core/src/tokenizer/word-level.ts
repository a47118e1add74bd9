import { SweeplineError } from '../errors.js';
import { vocabularyOf, type Model } from './model.js';
import type { ModelJson } from './tokenizer-json.js';

/** Each piece is a word of the vocabulary. */
export class WordLevel implements Model {
  readonly vocabulary: ReadonlyMap<string, number>;
  private readonly unknown: number | undefined;

  constructor(model: ModelJson) {
    this.vocabulary = vocabularyOf(model.vocab);
    const { unk_token: unknown } = model;
    this.unknown = typeof unknown === 'string' ? this.vocabulary.get(unknown) : undefined;
  }

  /** @throws {SweeplineError} TOKENIZER_INVALID for an unknown word if there is no token for unknown words. */
  encode(piece: string): readonly number[] {
    const id = this.vocabulary.get(piece) ?? this.unknown;
    if (id !== undefined) return [id];
    throw new SweeplineError(
      'TOKENIZER_INVALID',
      `the vocabulary has neither the word ${JSON.stringify(piece)} nor an unk_token`,
    );
  }
}
