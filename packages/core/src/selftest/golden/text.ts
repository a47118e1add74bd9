import type { AnswerOptions } from './options.js';

/** A token's text, and its form in JSON: the same text can be written in several ways. */
export interface Word {
  readonly text: string;
  readonly json: string;
}

export type TextStyle = AnswerOptions['text'];

const PLAIN = [
  ' the',
  ' of',
  ' steady',
  ' tide',
  ',',
  ' and',
  ' lamp',
  'post',
  ' rain',
  '.',
  '\n',
  ' père',
  ' straße',
  '日',
  '本語',
  ' "quoted"',
].map(written);

const HARD = [
  written(''),
  written('\\'),
  written('"'),
  written('\r\n\t\b\f'),
  written('data: [DONE]\n\n'),
  written('\u2028\u2029'),
  written('🚀'),
  written('e\u0301'),
  written('\u0000\u001f'),
  written('"}]}\n\n'),
  inAscii('日本語'),
  inAscii('🚀 père'),
  inAscii('/'),
  { text: '/', json: '"\\/"' },
  { text: 'A', json: '"\\u0041"' },
];

const WORDS: Readonly<Record<TextStyle, readonly Word[]>> = { plain: PLAIN, hard: [...PLAIN, ...HARD] };

/** Digits of an answer's number. */
export const ID_DIGITS = 8;

/** An answer's number, as its events and its first token contain it. */
export function idOf(ordinal: number): string {
  return String(ordinal).padStart(ID_DIGITS, '0');
}

/** Position of a token's word in the words of its style: any function that differs between answers will do. */
export function wordIndex(ordinal: number, token: number, style: TextStyle): number {
  let hash = Math.imul(ordinal + 1, 0x9e3779b1) ^ Math.imul(token, 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 15), 0xc2b2ae35);
  return ((hash ^ (hash >>> 13)) >>> 0) % WORDS[style].length;
}

export function wordAt(index: number, style: TextStyle): Word {
  return WORDS[style][index]!;
}

/** The first token of an answer identifies it. */
export function firstWord(id: string): Word {
  return written(`#${id}`);
}

/** The text of the answer with this number and this many tokens: what a client must have received, character by character. */
export function goldenText(ordinal: number, tokens: number, style: TextStyle = 'plain'): string {
  const words = Array.from({ length: tokens }, (_, token) =>
    token === 0 ? firstWord(idOf(ordinal)) : wordAt(wordIndex(ordinal, token, style), style),
  );
  return words.map(({ text }) => text).join('');
}

/** The number of the answer that has this text, taken from its first token; undefined if the text isn't an answer. */
export function ordinalOf(text: string): number | undefined {
  const id = /^#(\d+)/.exec(text.slice(0, ID_DIGITS + 1))?.[1];
  return id?.length === ID_DIGITS ? Number(id) : undefined;
}

function written(text: string): Word {
  return { text, json: JSON.stringify(text) };
}

/** As Python's json.dumps writes it. */
function inAscii(text: string): Word {
  const escape = (unit: string): string => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return { text, json: JSON.stringify(text).replaceAll(/[^\x20-\x7e]/g, escape) };
}
