import { describe, expect, it } from 'vitest';
import { historiesOf, regressionsOf } from '../../src/model/histories.js';
import { measured, throughputJudged, type MeasuredRow } from './judged.js';

function histories(rows: readonly MeasuredRow[]) {
  const { points, valueOf } = measured(rows);
  return historiesOf({ points, rows: rows.map((_, row) => row), judged: throughputJudged(), valueOf });
}

const ROWS = [
  { run: 'c', date: '2026-03-01', tput: 895, image: 'y' },
  { run: 'a', date: '2026-01-01', tput: 1000, image: 'x' },
  { run: 'b', date: '2026-02-01', tput: 1004, image: 'x' },
  { run: 'b', date: '2026-02-01', tput: 7, conc: 1 },
];

describe('historiesOf', () => {
  it('has runs of a job in the order of their days, each judged against the one before', () => {
    const [history, ...others] = histories(ROWS);
    expect(others).toEqual([]);
    expect(
      history?.entries.map(({ run, step }) => [run, step?.judgement.verdict, step?.changed.length]),
    ).toEqual([
      ['a', undefined, undefined],
      ['b', 'same', 0],
      ['c', 'worse', 1],
    ]);
  });

  it('leaves out what is invalid, has failed, or lacks the number', () => {
    const bad = [
      { run: 'd', date: '2026-04-01', tput: 1, is_valid: false },
      { run: 'e', date: '2026-04-02', tput: undefined },
      { run: 'f', date: '2026-04-03', tput: 1, state: 'failed' },
    ];
    expect(histories([...ROWS, ...bad])[0]?.entries).toHaveLength(3);
  });

  it('judges no step between a run with a date and one without', () => {
    const entries = histories([
      { run: 'z', date: '2026-01-01', tput: 1000 },
      { run: 'run_10', tput: 500 },
      { run: 'run_9', tput: 1000 },
    ])[0]?.entries;
    expect(entries?.map(({ run, step }) => [run, step?.judgement.verdict])).toEqual([
      ['z', undefined],
      ['run_9', undefined],
      ['run_10', 'worse'],
    ]);
  });
});

describe('regressionsOf', () => {
  it('lists steps that were judged worse, and how many would be by chance', () => {
    const { found, judged, unsure, falseAlarms } = regressionsOf(histories(ROWS));
    expect(found.map(({ before, after }) => [before.run, after.run])).toEqual([['b', 'c']]);
    expect([judged, unsure]).toEqual([2, 0]);
    const [, step] = histories(ROWS)[0]!.entries;
    expect(falseAlarms).toBeCloseTo(step!.step!.judgement.falseAlarms!, 9);
  });

  it('does not call a step worse of which nothing can be said', () => {
    const loud = ROWS.map((row) => ({ ...row, sku: 'loud' }));
    expect(regressionsOf(histories(loud))).toMatchObject({ found: [], judged: 0, unsure: 2 });
  });
});
