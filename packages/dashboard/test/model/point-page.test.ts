import { describe, expect, it } from 'vitest';
import { findPoints, relativesOf } from '../../src/model/find-point.js';
import { launchedOf } from '../../src/model/launched.js';
import { outcomeOf, outcomesByRun } from '../../src/model/outcomes.js';
import { betweenRuns, pointMetrics } from '../../src/model/point-metrics.js';
import { pointWords } from '../../src/model/point-words.js';
import { settingPairs } from '../../src/model/setting-pairs.js';
import { flagColumn, numberColumn, textColumn, type TableData } from '../../src/site/table.js';

const POINTS: TableData = {
  rows: 5,
  columns: {
    run: textColumn(['a', 'a', 'b', 'b', undefined]),
    point: textColumn(['p', 'p.r2', 'p', 'q', 'p']),
    repeat_of: textColumn(['p', 'p', 'p', undefined, undefined]),
    series: textColumn(['s', 's', 's', undefined, undefined]),
    state: textColumn(['completed', 'completed', 'failed', 'interrupted', undefined]),
    is_valid: flagColumn([true, false, false, undefined, undefined]),
    model: textColumn(['deepseek-r1', undefined, undefined, undefined, undefined]),
    sku: textColumn(['h200', undefined, undefined, undefined, undefined]),
    spec_decoding: textColumn(['none', 'mtp', undefined, undefined, undefined]),
    isl: numberColumn([8192, undefined, undefined, undefined, undefined]),
    osl: numberColumn([1024, 0, undefined, undefined, undefined]),
    conc: numberColumn([64, undefined, undefined, undefined, undefined]),
  },
};

it('finds a point by its run and name, and what measured it again', () => {
  expect(findPoints(POINTS, 'b', 'p')).toEqual([2]);
  expect(findPoints(POINTS, 'c', 'p')).toEqual([]);
  expect(relativesOf(POINTS, 0)).toEqual({ repeats: [1], elsewhere: [2] });
  expect(relativesOf(POINTS, 3)).toEqual({ repeats: [], elsewhere: [] });
});

it('says how points ended, and doesn’t take what is unknown for a success', () => {
  expect([0, 1, 2, 3, 4].map((row) => outcomeOf(POINTS, row))).toEqual([
    'valid',
    'invalid',
    'failed',
    'interrupted',
    'unknown',
  ]);
  expect(outcomesByRun(POINTS).get('a')).toMatchObject({ valid: 1, invalid: 1, failed: 0 });
});

it('names a point in words, without what isn’t known', () => {
  expect(pointWords(POINTS, 0)).toBe(
    'deepseek-r1, h200, 8,192 input and 1,024 output tokens, concurrency 64',
  );
  expect(pointWords(POINTS, 1)).toBe('MTP, 0 output tokens');
  expect(pointWords(POINTS, 4)).toBe('');
});

describe('numbers', () => {
  const metric = (key: string) =>
    ({ key, label: key, unit: 's', better: 'lower', definition: '', file: '' }) as const;
  const detail = {
    ...{
      row: 2,
      metrics: { ttft: 1.5, zero: 0 },
      marks: [],
      logs: [],
      hasRequests: false,
      hasSamples: false,
    },
    intervals: { ttft: { low: 1, high: 2, covers: 'this run' } },
  };
  const between: TableData = {
    rows: 3,
    columns: {
      row: numberColumn([2, 2, 1]),
      metric: textColumn(['ttft', 'zero', 'ttft']),
      low: numberColumn([1.2, undefined, 9]),
      high: numberColumn([1.9, 3, 9]),
      runs: numberColumn([3, 3, 3]),
      basis: textColumn(['repeats', 'repeats', 'repeats']),
    },
  };

  it('have the interval of their own row, within and between apart', () => {
    const shown = pointMetrics(
      ['missing', 'ttft', 'zero', '__proto__'].map(metric),
      detail,
      betweenRuns(between, 2),
    );
    expect(shown.map(({ key, value }) => [key, value])).toEqual([
      ['ttft', 1.5],
      ['zero', 0],
    ]);
    expect(shown[0]).toMatchObject({
      within: { low: 1, high: 2 },
      between: { low: 1.2, high: 1.9, runs: 3 },
    });
    expect(shown[1]).toMatchObject({ within: undefined, between: undefined });
  });
});

it('has settings that differ first, and names of any kind', () => {
  const intended = JSON.parse('{"tp": "8", "mem": "0.8", "quiet": "1", "__proto__": "x"}') as Record<
    string,
    string
  >;
  const verdicts = settingPairs(intended, { tp: '8', mem: '0.7', extra: 'y' });
  expect(verdicts.map(({ name, verdict }) => [name, verdict])).toEqual([
    ['mem', 'differs'],
    ['__proto__', 'not reported'],
    ['quiet', 'not reported'],
    ['tp', 'same'],
    ['extra', 'not in the plan'],
  ]);
});

it('reads a plan that is not as expected, without what it can’t read', () => {
  const plan = {
    processes: [
      { role: 7, argv: ['a', 1, null], env: { A: 1, B: {} }, container: { image: 'i' } },
      'x',
      null,
    ],
  };
  expect(launchedOf(plan).processes[0]).toMatchObject({
    role: undefined,
    argv: ['a'],
    env: { A: '1' },
    image: 'i',
  });
  expect(launchedOf(plan).processes).toHaveLength(3);
  for (const odd of [null, 'x', 3, [], { processes: 'x' }]) expect(launchedOf(odd).processes).toEqual([]);
});
