import { z } from 'zod';
import { patternOf } from './pattern.js';
import { BEHAVIORS, splitBy, type Split } from './splits.js';
import { checked, unsupported, type Component } from './tokenizer-json.js';

/** Words, numbers and the rest, each with a space before it. Source: tokenizers/src/pre_tokenizers/byte_level.rs. */
const GPT2 = String.raw`'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+`;

/** `\w+|[^\w\s]+`, with the word characters of Rust's regex crate (UTS 18, Annex C). */
const WORDS_OR_SYMBOLS =
  /[\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\p{Join_Control}]+|[^\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\p{Join_Control}\p{White_Space}]+/gu;

const behavior = z.enum(BEHAVIORS);
const split = z.object({
  pattern: z.object({ Regex: z.string().optional(), String: z.string().optional() }),
  behavior,
  invert: z.boolean().default(false),
});
const sequence = z.object({ pretokenizers: z.array(z.looseObject({ type: z.string() })) });
const byteLevel = z.object({
  add_prefix_space: z.boolean().default(true),
  use_regex: z.boolean().default(true),
});
const metaspace = z.object({
  replacement: z.string().default('▁'),
  prepend_scheme: z.enum(['always', 'first', 'never']).optional(),
  add_prefix_space: z.boolean().default(true),
  split: z.boolean().default(true),
});
const digits = z.object({ individual_digits: z.boolean().default(false) });
const punctuation = z.object({ behavior: behavior.default('Isolated') });
const delimiter = z.object({ delimiter: z.string() });

export interface PreTokenizer {
  readonly splits: readonly Split[];
  /** Pieces are looked up by the characters for their bytes. */
  readonly isByteLevel: boolean;
}

/** @throws {SweeplineError} TOKENIZER_INVALID for an unknown kind. */
export function preTokenizer(component: Component | null | undefined): PreTokenizer {
  if (component === null || component === undefined) return { splits: [], isByteLevel: false };
  const steps = flat(component);
  const isByteLevel = steps.at(-1)?.type === 'ByteLevel';
  if (steps.slice(0, -1).some(({ type }) => type === 'ByteLevel')) {
    throw unsupported(
      'pre_tokenizer',
      'a step after ByteLevel',
      'ByteLevel is the last step in all known models',
    );
  }
  return { splits: steps.flatMap(splitsOf), isByteLevel };
}

function flat(component: Component): Component[] {
  return component.type === 'Sequence' ? part(component, sequence).pretokenizers.flatMap(flat) : [component];
}

function splitsOf(component: Component): Split[] {
  switch (component.type) {
    case 'Split': {
      const { pattern, behavior, invert } = part(component, split);
      return [splitBy(patternOf(pattern), behavior, invert)];
    }
    case 'ByteLevel': {
      const { add_prefix_space: adds, use_regex: splits } = part(component, byteLevel);
      return [
        ...(adds ? [(piece: string) => [piece.startsWith(' ') ? piece : ` ${piece}`]] : []),
        ...(splits ? [splitBy(patternOf({ Regex: GPT2 }), 'Isolated')] : []),
      ];
    }
    case 'Metaspace':
      return metaspaceSplits(part(component, metaspace));
    case 'Digits':
      return [splitBy(/\p{N}/gu, part(component, digits).individual_digits ? 'Isolated' : 'Contiguous')];
    case 'Punctuation':
      return [splitBy(/[\p{P}!-/:-@[-`{-~]/gu, part(component, punctuation).behavior)];
    case 'Whitespace':
      return [splitBy(WORDS_OR_SYMBOLS, 'Removed', true)];
    case 'WhitespaceSplit':
      return [words];
    case 'CharDelimiterSplit':
      return [splitBy(patternOf({ String: part(component, delimiter).delimiter }), 'Removed')];
    default:
      throw unsupported(
        'pre_tokenizer',
        component.type,
        'Those of byte-level, SentencePiece and word-level models are supported',
      );
  }
}

const whiteSpace = splitBy(/\p{White_Space}/gu, 'Removed');

/** Splitting at spaces is much faster, if there is no other white space. */
function words(piece: string): readonly string[] {
  return /[^\P{White_Space} ]/u.test(piece) ? whiteSpace(piece, false) : piece.split(' ').filter(Boolean);
}

/** Source: tokenizers/src/pre_tokenizers/metaspace.rs; files of older versions have add_prefix_space instead of a scheme. */
function metaspaceSplits({
  replacement,
  prepend_scheme,
  add_prefix_space,
  split,
}: z.output<typeof metaspace>): Split[] {
  const scheme = prepend_scheme ?? (add_prefix_space ? 'always' : 'never');
  const mark: Split = (piece, isFirst) => {
    const marked = piece.replaceAll(' ', replacement);
    const isPrefixed = scheme === 'always' || (scheme === 'first' && isFirst);
    return [isPrefixed && !marked.startsWith(replacement) ? replacement + marked : marked];
  };
  return split ? [mark, splitBy(patternOf({ String: replacement }), 'MergedWithNext')] : [mark];
}

function part<S extends z.ZodType>(component: Component, schema: S): z.output<S> {
  return checked(component, schema, { key: 'pre_tokenizer' });
}
