import { describe, expect, it } from 'vitest';
import { readDiff } from '../../src/matrix/changelog/diff.js';

const hunk = (header: string, ...lines: string[]): string =>
  ['--- a/log.yaml', '+++ b/log.yaml', header, ...lines, ''].join('\n');

describe('readDiff', () => {
  it('puts added lines where they stand in the new file', () => {
    const diff =
      hunk('@@ -1,2 +1,3 @@', ' one', '+two', ' three') + hunk('@@ -7 +8,2 @@', ' seven', '+nine').slice(0);
    expect(readDiff(diff).added).toBe('\ntwo\n\n\n\n\n\n\nnine');
  });

  it('numbers deleted lines as in the old file', () => {
    const diff = hunk('@@ -3,3 +3,2 @@', ' three', '-four', ' five');
    expect(readDiff(diff).deleted).toEqual([{ line: 4, text: 'four' }]);
  });

  it('keeps lines apart that look like headers of the diff', () => {
    const diff = hunk('@@ -1,2 +1,2 @@', '--- old', '+++ new', ' same');
    expect(readDiff(diff)).toEqual({
      added: '',
      deleted: [],
      overlooked: { added: [{ line: 1, text: '++ new' }], deleted: [{ line: 1, text: '-- old' }] },
    });
  });

  it('takes no line behind a hunk for one of the file', () => {
    const diff = `${hunk('@@ -0,0 +1 @@', '+one')}+two\n-three\n`;
    expect(readDiff(diff)).toMatchObject({ added: 'one', deleted: [] });
  });

  it('reads line ends of Windows, and leaves out the note of a missing one', () => {
    const diff = '@@ -1 +1,2 @@\r\n one\r\n+two\r\n\\ No newline at end of file\r\n';
    expect(readDiff(diff)).toMatchObject({ added: '\ntwo', deleted: [] });
  });
});
