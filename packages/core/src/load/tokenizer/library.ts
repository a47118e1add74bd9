import * as library from '@huggingface/tokenizers';
import { SweeplineError, messageOf } from '../../errors.js';
import type { Component } from './tokenizer-json.js';

/** What is used of Hugging Face's tokenizers for JavaScript; its own types can't be resolved by Node's rules. */
interface Library {
  readonly SplitPreTokenizer: new (config: object) => { readonly pattern: RegExp | null };
  readonly Tokenizer: new (
    json: object,
    config: object,
  ) => { readonly normalizer: { normalize(text: string): string } | null };
}

const { SplitPreTokenizer, Tokenizer } = library as unknown as Library;

/** A pattern as tokenizer.json has it: in Oniguruma's syntax, or a string. */
export interface Pattern {
  readonly Regex?: string | undefined;
  readonly String?: string | undefined;
}

/** @throws {SweeplineError} TOKENIZER_INVALID when it can't be written as a regular expression of JavaScript. */
export function patternOf(pattern: Pattern): RegExp {
  try {
    const made = new SplitPreTokenizer({ type: 'Split', pattern, behavior: 'Isolated', invert: false });
    if (made.pattern !== null) return made.pattern;
  } catch (cause) {
    throw new SweeplineError('TOKENIZER_INVALID', messageOf(cause), { where: { key: 'pattern' }, cause });
  }
  throw new SweeplineError('TOKENIZER_INVALID', 'a pattern is neither a Regex nor a String', {
    where: { key: 'pattern' },
  });
}

/** @throws {SweeplineError} TOKENIZER_INVALID for a kind that is not known. */
export function normalizerOf(normalizer: Component): (text: string) => string {
  const model = { type: 'BPE', vocab: {}, merges: [] };
  const without = { model, decoder: null, post_processor: null, pre_tokenizer: null, added_tokens: [] };
  try {
    const { normalizer: made } = new Tokenizer({ ...without, normalizer }, {});
    return (text) => made?.normalize(text) ?? text;
  } catch (cause) {
    throw new SweeplineError('TOKENIZER_INVALID', messageOf(cause), { where: { key: 'normalizer' }, cause });
  }
}
