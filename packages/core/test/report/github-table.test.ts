import { expect, it } from 'vitest';
import { githubTable } from '../../src/report/github-table.js';

// Both tables in the layout of tabulate 0.10.
it('puts numbers on their point and text to the left', () => {
  const rows = [
    ['a', '1.5000', ''],
    ['b', '1000.0000', 'x'],
    ['c', '1234567.0000', '12345678901234'],
    ['7', '0.0000', ''],
  ];
  expect(githubTable(['H', 'Num', 'Mixed'], rows)).toBe(
    [
      '| H   |            Num | Mixed          |',
      '|-----|----------------|----------------|',
      '| a   |    1.5         |                |',
      '| b   | 1000           | x              |',
      '| c   |    1.23457e+06 | 12345678901234 |',
      '| 7   |    0           |                |',
    ].join('\n'),
  );
});

it('takes text that is a number for one', () => {
  const rows = [
    ['7', '1.5e-7'],
    ['12', '3'],
  ];
  expect(githubTable(['T', 'N'], rows)).toBe(
    ['|   T |       N |', '|-----|---------|', '|   7 | 1.5e-07 |', '|  12 | 3       |'].join('\n'),
  );
});
