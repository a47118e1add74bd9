import { expect, it } from 'vitest';
import {
  histogramOf,
  inFlightSpans,
  meansOver,
  requestRows,
  tokenSpans,
} from '../../src/model/requests-over-time.js';
import { samplesByName } from '../../src/model/samples.js';
import { numberColumn, textColumn, type TableData } from '../../src/site/table.js';

const REQUESTS: TableData = {
  rows: 3,
  columns: {
    sent_ms: numberColumn([0, 500, 600]),
    ttft_ms: numberColumn([100, 100, undefined]),
    e2el_ms: numberColumn([1000, 500, undefined]),
    output_tokens: numberColumn([90, 40, undefined]),
    error: textColumn([undefined, undefined, 'timeout']),
  },
};

it('counts requests in flight from sent to the last chunk, and none whose end is unknown', () => {
  const bins = meansOver(inFlightSpans(requestRows(REQUESTS)), 1000, 4);
  expect(bins.map(({ value }) => value)).toEqual([1, 1, 2, 2]);
});

it('spreads every output token, and no more', () => {
  const bins = meansOver(tokenSpans(requestRows(REQUESTS)), 1000, 7);
  expect(bins.reduce((sum, { from, to, value }) => sum + value * (to - from), 0)).toBeCloseTo(130);
});

it('has each value in one bar, with round ends', () => {
  const values = [0.1, 0.2, 0.3, 0.30000000000000004, 12, 99.99, 100];
  const bars = histogramOf(values, 10);
  expect(bars.map(({ value }) => value).reduce((sum, value) => sum + value)).toBe(values.length);
  expect(bars.map(({ from }) => from)).toEqual([0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100]);
});

it('draws equal values as one bar, and nothing of nothing', () => {
  expect(histogramOf([5, 5, 5], 10).filter(({ value }) => value > 0)).toHaveLength(1);
  expect(histogramOf([0, 0], 10)).toHaveLength(1);
  expect(histogramOf([], 10)).toEqual([]);
});

it('keeps devices apart, in the order of their numbers and of time', () => {
  const table: TableData = {
    rows: 4,
    columns: {
      ms: numberColumn([2, 1, 1, undefined]),
      source: textColumn(['10', '2', '10', '2']),
      name: textColumn(['power_w', 'power_w', 'power_w', 'power_w']),
      value: numberColumn([700, 600, 650, 500]),
    },
  };
  expect(samplesByName(table).get('power_w')).toEqual([
    { source: '2', points: [[1, 600]] },
    {
      source: '10',
      points: [
        [1, 650],
        [2, 700],
      ],
    },
  ]);
});
