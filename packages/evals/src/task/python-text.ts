/** Characters for which Python's `str.isspace` is true: not those of JavaScript's `\s`. */
export const SPACES = '\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000';

const LEADING = new RegExp(`^[${SPACES}]+`, 'u');
const SPACE = new RegExp(`^[${SPACES}]$`, 'u');

/** `str.lstrip()`. */
export const lstrip = (text: string): string => text.replace(LEADING, '');

/** `str.rstrip()`. Not by a pattern: it would try each run of spaces in the text. */
export function rstrip(text: string): string {
  let end = text.length;
  while (end > 0 && SPACE.test(text.charAt(end - 1))) end--;
  return text.slice(0, end);
}

/** `str.strip()`. */
export const strip = (text: string): string => lstrip(rstrip(text));
