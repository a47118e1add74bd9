import { describe, expect, test } from 'vitest';
import { StopFilter } from '../src/engine/stop-filter.js';

/** What is said of pieces, one after another, up to a stop. */
function said(stops: readonly string[], pieces: readonly string[]): readonly string[] {
  const filter = new StopFilter(stops);
  const texts: string[] = [];
  for (const [index, piece] of pieces.entries()) {
    const { text, stopped } = filter.push(piece, index === pieces.length - 1);
    texts.push(text);
    if (stopped) return [...texts, 'STOP'];
  }
  return texts;
}

describe('texts that end an answer', () => {
  test.each([
    [[], ['a', 'b'], ['a', 'b']],
    [['\n\n'], ['a\n', '\nb'], ['a', '', 'STOP']],
    [['\n\n'], ['a\n', 'b'], ['a', '\nb']],
    [['\n\n'], ['a', '\n'], ['a', '\n']],
    [['Question:'], ['1 Que', 'stion', ': 2'], ['1 ', '', '', 'STOP']],
    [['aab'], ['aa', 'ab'], ['', 'a', 'STOP']],
    [['b', 'ab'], ['xab'], ['x', 'STOP']],
    [
      ['ab', 'b'],
      ['xa', 'b'],
      ['x', '', 'STOP'],
    ],
  ])('%j in %j', (stops, pieces, expected) => {
    expect(said(stops, pieces)).toEqual(expected);
  });
});
