// @ts-check
/** Compares the output that a document shows with what the command printed. */

/**
 * `…` matches anything within a line, and a line of `…` any lines. With `output numbers=vary`, digits, spaces and the rules of tables may
 * differ.
 * @param {string} shown @param {string} printed @param {{ readonly numbersVary: boolean }} options
 */
export function showsOutput(shown, printed, { numbersVary }) {
  const lines = shown
    .trimEnd()
    .split('\n')
    .map((line) => (line.trim() === '…' ? ANY_LINES : pattern(line, numbersVary)));
  return new RegExp(`^${lines.join('\n').replaceAll(`${ANY_LINES}\n`, ANY_LINES)}\\s*$`).test(tidy(printed));
}

const ANY_LINES = '(?:.*\n)*?';

/** @param {string} line @param {boolean} numbersVary */
function pattern(line, numbersVary) {
  const escaped = tidy(line).split('…').map(escape);
  if (!numbersVary) return escaped.join('.*?');
  return escaped
    .map((part) => part.replaceAll(/\d+(?:(?:\\\.|,)\d+)*/g, '[\\d.,]+').replaceAll(/ +/g, ' +'))
    .join('.*?');
}

/** @param {string} text */
function escape(text) {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`);
}

/** Removes spaces at the ends of lines, which no document shows. @param {string} text */
function tidy(text) {
  return text.replaceAll(/[ \t]+$/gm, '').replaceAll('\r', '');
}
