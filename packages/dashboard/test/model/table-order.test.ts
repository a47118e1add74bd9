import { describe, expect, it } from 'vitest';
import { numberText, timeText } from '../../src/model/number-text.js';
import { formatSorting, hasWords, orderOf, parseSorting } from '../../src/model/table-order.js';

describe('order of a table', () => {
  it('has what is missing last either way', () => {
    const values = [3, undefined, 1, NaN, 2];
    expect(orderOf(values, false)).toEqual([2, 4, 0, 1, 3]);
    expect(orderOf(values, true)).toEqual([0, 4, 2, 1, 3]);
  });

  it('keeps the order of equal rows, also when it is turned around', () => {
    expect(orderOf(['b', 'a', 'B', 'a'], false)).toEqual([1, 3, 0, 2]);
    expect(orderOf(['b', 'a', 'B', 'a'], true)).toEqual([0, 2, 1, 3]);
  });

  it('counts within text', () => {
    expect(orderOf(['h200-cw_10', 'h200-cw_9', 'h100'], false)).toEqual([2, 1, 0]);
  });

  it('has a place for infinite numbers', () => {
    expect(orderOf([Infinity, 1, -Infinity, Infinity], false)).toEqual([2, 1, 0, 3]);
  });

  it('is in the address as a key with a sign', () => {
    for (const text of ['conc', '-conc']) expect(formatSorting(parseSorting(text)!)).toBe(text);
    expect(parseSorting('')).toBeUndefined();
  });
});

it('finds rows that have all words', () => {
  expect(hasWords('dsr1\nh200\nsglang', ' SGLang  h200')).toBe(true);
  expect(hasWords('dsr1\nh200\nsglang', 'h200 vllm')).toBe(false);
});

it('writes counts in full, and other numbers with five digits', () => {
  expect([1234567, 65536.4, 9876.54321, 0.0123456789, -2.5, 0].map(numberText)).toEqual([
    '1,234,567',
    '65,536',
    '9,876.5',
    '0.012346',
    '-2.5',
    '0',
  ]);
});

it('says that times are UTC', () => {
  expect(timeText('2026-12-02T06:16:52.095Z')).toBe('2026-12-02 06:16:52 UTC');
  expect(timeText('2026-12-02')).toBe('2026-12-02');
});
