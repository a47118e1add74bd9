import { describe, expect, it } from 'vitest';
import { codeFrame } from '../../src/cli/code-frame.js';

const TEXT = Array.from({ length: 12 }, (_, index) => `line ${index + 1}`).join('\n');

describe('a code frame', () => {
  it('shows two lines before and after, and a caret', () => {
    expect(codeFrame(TEXT, 9, 6)).toBe(
      [
        '   7 | line 7',
        '   8 | line 8',
        '>  9 | line 9',
        '     |      ^',
        '  10 | line 10',
        '  11 | line 11',
      ].join('\n'),
    );
  });

  it('ends where the text does', () => {
    expect(codeFrame(TEXT, 1)).toBe(['> 1 | line 1', '    | ^', '  2 | line 2', '  3 | line 3'].join('\n'));
    expect(codeFrame(TEXT, 12, 1)).toMatch(
      /^ {2}10 \| line 10\n {2}11 \| line 11\n> 12 \| line 12\n {5}\| \^$/,
    );
    expect(codeFrame(TEXT, 13)).toBe('');
  });

  it('has the caret under its column behind tabs, and none beyond what is shown', () => {
    expect(codeFrame('\ta\tb', 1, 4)).toBe('> 1 | \ta\tb\n    | \t \t^');
    expect(codeFrame('x'.repeat(500), 1, 400)).toBe(`> 1 | ${'x'.repeat(160)}`);
  });
});
