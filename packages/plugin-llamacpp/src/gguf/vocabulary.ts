export interface Vocabulary {
  readonly tokens: readonly string[];
  /** SentencePiece merges the pair with the highest score first. */
  readonly scores: readonly number[];
  readonly types: readonly number[];
}

export const UNKNOWN_TOKEN = 0;
export const BOS_TOKEN = 1;
export const EOS_TOKEN = 2;
/** The first token that is neither a control token nor a byte. */
export const FIRST_PIECE = 3 + 256;

/** llama.cpp's `llama_token_type`. */
const TOKEN_TYPE = { normal: 1, unknown: 2, control: 3, byte: 6 } as const;

/** SentencePiece's visible replacement for a space. */
const SPACE = '\u2581';
/** Coprime to the number of word pairs, so that steps of this size visit each pair once, in a mixed order. */
const WORD_STRIDE = 1237;

/**
 * A SentencePiece vocabulary of `size` tokens: the control tokens, the 256 bytes (so that any text can be encoded), letters, syllables and
 * two-syllable words, with and without a leading space. It is the same for every seed.
 */
export function buildVocabulary(size: number): Vocabulary {
  const bytes = Array.from(
    { length: 256 },
    (_, byte) => `<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`,
  );
  const special = ['<unk>', '<s>', '</s>'];
  const pieces = pronounceablePieces(size - FIRST_PIECE);
  const tokens = [...special, ...bytes, ...pieces];
  return {
    tokens,
    scores: tokens.map((_, index) => -index),
    types: [
      TOKEN_TYPE.unknown,
      TOKEN_TYPE.control,
      TOKEN_TYPE.control,
      ...bytes.map(() => TOKEN_TYPE.byte),
      ...pieces.map(() => TOKEN_TYPE.normal),
    ],
  };
}

function pronounceablePieces(count: number): readonly string[] {
  const letters = [...'abcdefghijklmnopqrstuvwxyz'];
  const syllables = [...'bcdfghjklmnprstvwz'].flatMap((consonant) =>
    [...'aeiou'].map((vowel) => consonant + vowel),
  );
  const pairs = syllables.length ** 2;
  const words = Array.from({ length: pairs }, (_, index) => {
    const pair = (index * WORD_STRIDE) % pairs;
    return `${syllables[Math.floor(pair / syllables.length)]}${syllables[pair % syllables.length]}`;
  });
  const pieces = [...letters, ...syllables, ...words].flatMap((piece) => [SPACE + piece, piece]);
  return [SPACE, ...pieces].slice(0, count);
}
