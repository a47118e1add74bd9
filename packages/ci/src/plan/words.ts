import { SweeplineError } from '@sweepline/core';

/**
 * The words of a line, as a shell would cut it by blanks, quotes and backslashes. Nothing is expanded.
 * @throws {SweeplineError} USAGE for a quote that isn't closed
 */
export function wordsOf(line: string): readonly string[] {
  const words: string[] = [];
  let [word, quote]: [string | undefined, string] = [undefined, ''];
  for (let at = 0; at < line.length; at += 1) {
    const sign = line.charAt(at);
    if (sign === '\\' && quote !== "'") {
      at += 1;
      word = (word ?? '') + line.charAt(at);
    } else if (quote !== '' && sign === quote) quote = '';
    else if (quote === '' && (sign === '"' || sign === "'")) [word, quote] = [word ?? '', sign];
    else if (quote === '' && /\s/.test(sign)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else word = (word ?? '') + sign;
  }
  if (quote !== '') throw new SweeplineError('USAGE', `a quote (${quote}) is not closed in: ${line}`);
  return word === undefined ? words : [...words, word];
}
