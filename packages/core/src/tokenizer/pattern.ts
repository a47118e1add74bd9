import * as library from '@huggingface/tokenizers';
import { SweeplineError, messageOf } from '../errors.js';
import { unsupported } from './tokenizer-json.js';

/** The parts used of Hugging Face's tokenizers for JavaScript; Node can't resolve the library's own types. */
interface Library {
  readonly SplitPreTokenizer: new (config: object) => { readonly pattern: RegExp };
}

const { SplitPreTokenizer } = library as unknown as Library;

/** A pattern in tokenizer.json: a regular expression in Oniguruma's syntax, or a string. */
export interface Pattern {
  readonly Regex?: string | undefined;
  readonly String?: string | undefined;
}

/** @throws {SweeplineError} TOKENIZER_INVALID if it can't be written as a JavaScript regular expression. */
export function patternOf({ Regex, String }: Pattern): RegExp {
  if (Regex === undefined && String === undefined) {
    throw new SweeplineError('TOKENIZER_INVALID', 'a pattern is neither a Regex nor a String', {
      where: { key: 'pattern' },
    });
  }
  const pattern = Regex === undefined ? { String } : { Regex: withoutPossessives(withAllCases(Regex)) };
  try {
    return new SplitPreTokenizer({ type: 'Split', pattern, behavior: 'Isolated', invert: false }).pattern;
  } catch (cause) {
    throw new SweeplineError('TOKENIZER_INVALID', messageOf(cause), { where: { key: 'pattern' }, cause });
  }
}

/** A character, an escape, a class or the end of a group, each with its possessive quantifier if it has one. */
const ATOMS = /(\\[pP]\{[^}]*\}|\\.|\[(?:\\.|\[:\w+:\]|[^\]\\])*\]|[^\\[\](|])(?:([+*?])\+)?/gsu;

/** Possessive quantifiers never give characters back; the library treats them as normal ones. */
function withoutPossessives(regex: string): string {
  return regex.replace(ATOMS, (all: string, atom: string, quantifier?: string) => {
    if (quantifier === undefined) return all;
    if (atom === ')') {
      throw unsupported(
        'pattern',
        'a possessive quantifier of a group',
        'Those of characters and classes are supported',
      );
    }
    return quantifier === '?' ? `(?:${atom}|(?!${atom}))` : `${atom}${quantifier}(?!${atom})`;
  });
}

/** Further case variants of ASCII letters; the library has only the ASCII ones. Source: CaseFolding.txt of Unicode. */
const OTHER_CASES: Readonly<Record<string, string>> = { s: 'ſ', k: '\u212a' };

function withAllCases(regex: string): string {
  return regex.replace(/\(\?i:[^()]*\)/g, (group) =>
    group.replace(/\\.|\[(?:\\.|[^\]\\])*\]|[sk]/gi, (atom) => {
      const others = Object.keys(OTHER_CASES).filter((letter) => atom.toLowerCase().includes(letter));
      if (atom.startsWith('\\') || others.length === 0) return atom;
      const within = atom.startsWith('[') ? atom.slice(1, -1) : atom;
      return `[${within}${others.map((letter) => OTHER_CASES[letter]).join('')}]`;
    }),
  );
}
