import { expect, it } from 'vitest';
import { evalLines, evalScores } from '../../src/model/eval-scores.js';
import {
  attemptsOverTime,
  dayText,
  endingsBySku,
  endingsOf,
  failuresByLayer,
  jobAttempts,
  jobsBySku,
  pointAttempts,
} from '../../src/model/reliability.js';
import { flagColumn, numberColumn, textColumn, type TableData } from '../../src/site/table.js';

const POINTS: TableData = {
  rows: 7,
  columns: {
    origin: textColumn([...Array<string>(6).fill('sweepline'), 'inferencex']),
    sku: textColumn(Array<string>(7).fill('h200')),
    state: textColumn([
      'completed',
      'completed',
      'failed',
      'interrupted',
      'rejected',
      'skipped',
      'completed',
    ]),
    is_valid: flagColumn([true, false, false, undefined, false, false, true]),
    layer: textColumn([undefined, undefined, 'readiness', undefined, undefined]),
    error_code: textColumn([undefined, undefined, 'SERVER_NOT_READY', undefined, undefined]),
    started_at: textColumn([
      '2026-12-06T23:59:59.000Z',
      '2026-12-07T00:00:00.000Z',
      '2026-12-10T00:00:00.000Z',
      '2026-12-10T00:00:00.000Z',
      '2026-12-10T00:00:00.000Z',
      '2026-12-10T00:00:00.000Z',
    ]),
  },
};

it('counts what was attempted and succeeded: imported results and what never ran to an end are in neither', () => {
  const endings = endingsOf(POINTS);
  expect(endingsBySku(endings)).toMatchObject([
    {
      sku: 'h200',
      attempted: 3,
      succeeded: 2,
      invalid: 1,
      failed: 1,
      interrupted: 1,
      rejected: 1,
      skipped: 1,
    },
  ]);
  expect(failuresByLayer(endings)).toEqual([
    { layer: 'readiness', sku: 'h200', code: 'SERVER_NOT_READY', failed: 1 },
  ]);
  const weeks = attemptsOverTime(pointAttempts(endings));
  expect(weeks.map(({ day, attempted, succeeded }) => [dayText(day), attempted, succeeded])).toEqual([
    ['2026-11-30', 1, 1],
    ['2026-12-07', 2, 1],
  ]);
});

it('takes a count of jobs only where both numbers are there', () => {
  const success: TableData = {
    rows: 3,
    columns: {
      sku: textColumn(['b200', 'b200', 'h100']),
      date: textColumn(['2026-01-01T00:00:00.000Z', undefined, undefined]),
      n_success: numberColumn([3, 0, 5]),
      total: numberColumn([4, 2, undefined]),
    },
  };
  expect(jobsBySku(jobAttempts(success))).toEqual([{ sku: 'b200', attempted: 6, succeeded: 3 }]);
  expect(attemptsOverTime(jobAttempts(success))).toHaveLength(1);
});

it('keeps all of framework and speculative decoding of a score apart, the newest first', () => {
  const evals: TableData = {
    rows: 4,
    columns: {
      sku: textColumn(['gb200', 'gb200', 'gb200', 'gb200']),
      framework: textColumn(['dynamo-trt', 'dynamo-trt', 'mori-sglang', 'dynamo-trt']),
      spec_decoding: textColumn(['mtp', 'none', 'none', 'mtp']),
      date: textColumn(['2026-01-01T00:00:00.000Z', undefined, undefined, '2026-02-01T00:00:00.000Z']),
      em_strict: numberColumn([0.95, undefined, 0.9, 0.5]),
      em_strict_se: numberColumn([0.1, undefined, undefined, 0.01]),
      score: numberColumn([0.1, 0.8, undefined, undefined]),
    },
  };
  const lines = evalLines(evalScores(evals));
  expect(
    lines.map(({ name, scores }) => [name, scores.map(({ kind, score }) => `${kind} ${score}`)]),
  ).toEqual([
    ['gb200 · dynamo-trt', ['score 0.8']],
    ['gb200 · dynamo-trt · MTP', ['em_strict 0.5', 'em_strict 0.95']],
    ['gb200 · mori-sglang', ['em_strict 0.9']],
  ]);
  // A fraction is at most 1, and there is no interval without a standard error.
  expect(lines[1]?.scores[1]).toMatchObject({ high: 1 });
  expect(lines[0]?.scores[0]).toMatchObject({ low: undefined, high: undefined });
});
