import { describe, expect, it } from 'vitest';
import { globPattern } from '../../src/matrix/glob.js';

describe('globPattern', () => {
  it.each([
    ['dsr1-*', ['dsr1-', 'dsr1-fp8-h200'], ['dsr1', 'a-dsr1-']],
    ['*', ['', 'a', 'a\nb'], []],
    ['ab-?', ['ab-1', 'ab-*'], ['ab-', 'ab-12']],
    ['a.c*', ['a.c'], ['abc']],
    ['a[b-d]-*', ['ab-1', 'ad-'], ['ae-1', 'a-1']],
    ['a[!b-d]?', ['ae1'], ['ab1']],
    ['a[]x]*', ['a]', 'ax'], ['a[', 'a']],
    ['a[!]x]*', ['ab'], ['a]', 'ax']],
    ['a[]*', ['a[]', 'a[]b'], ['a', 'ab']],
    ['a[!]*', ['a[!]', 'a[!]b'], ['ab']],
    ['a[^b]*', ['a^', 'ab'], ['ac']],
    ['a[z-a]*', [], ['az', 'aa', 'a']],
    ['a[!z-a]*', ['az', 'ab'], ['a']],
    [String.raw`a[\d]*`, ['a\\', 'ad'], ['a1']],
    ['a(b|c)+*', ['a(b|c)+'], ['ab']],
  ])('%s', (glob, matches, others) => {
    const pattern = globPattern(glob);

    expect(matches.filter((key) => !pattern.test(key))).toEqual([]);
    expect(others.filter((key) => pattern.test(key))).toEqual([]);
  });
});
