import { SPACES } from './python-text.js';

const WORD = '\\p{L}\\p{N}_';
const BOUNDARY = `(?:(?<=[${WORD}])(?![${WORD}])|(?<![${WORD}])(?=[${WORD}]))`;
const INSIDE = `(?:(?<=[${WORD}])(?=[${WORD}])|(?<![${WORD}])(?![${WORD}]))`;

/** What stands for escapes: Python's know all of Unicode, JavaScript's ASCII alone. */
const ESCAPES: Readonly<Record<string, string>> = {
  d: '\\p{Nd}',
  D: '\\P{Nd}',
  w: `[${WORD}]`,
  W: `[^${WORD}]`,
  s: `[${SPACES}]`,
  S: `[^${SPACES}]`,
  b: BOUNDARY,
  B: INSIDE,
  A: '^',
  Z: '$',
};
/** The same in a character class. The others of ESCAPES mean something else there, or can't be added to it. */
const CLASS_ESCAPES: Readonly<Record<string, string>> = {
  d: '\\p{Nd}',
  D: '\\P{Nd}',
  w: WORD,
  s: SPACES,
  b: '\\x08',
};
const CONTROLS = 'nrtfv';
const SYNTAX = /[\^$\\.*+?()[\]{}|/-]/;

/** A pattern that JavaScript can't be made to match exactly as Python does. */
export class UnsupportedPattern extends Error {}

/**
 * A pattern of Python's `re` for text, as one of JavaScript that finds the same. Source: the Regular Expression Syntax of Python's
 * documentation, 3.12.
 * @throws {UnsupportedPattern} for what it has no exact counterpart of
 */
export function pythonRegex(pattern: string): RegExp {
  const [, flags = '', rest = ''] = /^(?:\(\?([a-zA-Z]+)\))?([^]*)$/u.exec(pattern) ?? [];
  if (/[^is]/.test(flags)) throw new UnsupportedPattern(`the flags (?${flags})`);
  const source = translate(rest, flags.includes('s'));
  try {
    return new RegExp(source, `gu${flags.includes('i') ? 'i' : ''}`);
  } catch {
    throw new UnsupportedPattern(`the syntax of ${pattern}`);
  }
}

function translate(pattern: string, dotAll: boolean): string {
  let out = '';
  for (let i = 0; i < pattern.length;) {
    const [from, to] = tokenAt(pattern, i, dotAll);
    out += to;
    i += from.length;
  }
  return out;
}

/** The next part of a pattern, and its translation. */
function tokenAt(pattern: string, at: number, dotAll: boolean): readonly [string, string] {
  const char = pattern.charAt(at);
  if (char === '\\') return escapeAt(pattern, at, ESCAPES);
  if (char === '[') return classAt(pattern, at);
  if (char === '.') return [char, dotAll ? '[^]' : '[^\\n]'];
  if (char === '$') return [char, '(?=\\n?$)'];
  if (char === '(') return groupAt(pattern, at);
  return [char, char];
}

function groupAt(pattern: string, at: number): readonly [string, string] {
  const [opening = '('] = /^\((?:\?(?:P<\w+>|<?[=!]|.?))?/u.exec(pattern.slice(at)) ?? [];
  if (opening.startsWith('(?P<')) return [opening, '('];
  if (['(', '(?:', '(?=', '(?!', '(?<=', '(?<!'].includes(opening)) return [opening, opening];
  throw new UnsupportedPattern(`the group ${opening}`);
}

function escapeAt(
  pattern: string,
  at: number,
  known: Readonly<Record<string, string>>,
): readonly [string, string] {
  const next = String.fromCodePoint(pattern.codePointAt(at + 1) ?? 0);
  const escape = `\\${next}`;
  const translated = Object.hasOwn(known, next) ? known[next] : undefined;
  if (translated !== undefined) return [escape, translated];
  if (CONTROLS.includes(next)) return [escape, escape];
  if (/[a-zA-Z0-9\0]/.test(next)) throw new UnsupportedPattern(`the escape ${escape}`);
  return [escape, next === '-' ? '\\x2d' : SYNTAX.test(next) ? `\\${next}` : next];
}

function classAt(pattern: string, at: number): readonly [string, string] {
  let i = at + 1;
  let out = '[';
  if (pattern.charAt(i) === '^') [out, i] = ['[^', i + 1];
  const first = i;
  for (; i === first || pattern.charAt(i) !== ']';) {
    if (i >= pattern.length) throw new UnsupportedPattern('a character class without an end');
    const char = pattern.charAt(i);
    const [from, to] =
      char === '\\'
        ? escapeAt(pattern, i, CLASS_ESCAPES)
        : [char, char !== '-' && char !== '^' && SYNTAX.test(char) ? `\\${char}` : char];
    // Ranges with a class for an end are read differently.
    const isSet = char === '\\' && Object.hasOwn(CLASS_ESCAPES, from.slice(1));
    if (isSet && (pattern.charAt(i - 1) === '-' || /^-[^\]]/.test(pattern.slice(i + from.length))))
      throw new UnsupportedPattern(`${from} next to a - in a character class`);
    out += to;
    i += from.length;
  }
  return [pattern.slice(at, i + 1), `${out}]`];
}
