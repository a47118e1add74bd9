import { describe, expect, it } from 'vitest';
import { busiestPair, comparedSides, DIMENSIONS, sidesOf } from '../../src/model/compared.js';
import { measured, throughputJudged, type MeasuredRow } from './judged.js';

function compare(
  by: string,
  a: string,
  b: string,
  rows: readonly MeasuredRow[],
  judged = throughputJudged(),
) {
  const { points, valueOf } = measured(rows);
  const dimension = DIMENSIONS.find(({ key }) => key === by)!;
  const sides = sidesOf(
    points,
    rows.map((_, row) => row),
    dimension,
  );
  return comparedSides({
    ...{ points, dimension, judged, valueOf },
    ...{ a: sides.get(a) ?? [], b: sides.get(b) ?? [] },
  });
}

const only = (compared: ReturnType<typeof compare>) => compared.jobs[0]?.judgement;

describe('comparedSides', () => {
  it.each([
    [1000, 900, 'worse'],
    [1000, 1100, 'better'],
    [1000, 1003, 'same'],
  ])('judges %d against %d', (a, b, verdict) => {
    const judgement = only(
      compare('image', 'x', 'y', [
        { run: '1', image: 'x', tput: a },
        { run: '2', image: 'y', tput: b },
      ]),
    );
    expect(judgement).toMatchObject({ a, b, verdict });
    expect(judgement!.change).toBeCloseTo(b / a - 1, 12);
    // What would have been found is said of each.
    expect(judgement!.detectable).toBeLessThan(0);
  });

  it("can't say anything without noise, and with noise as large as the change", () => {
    const rows = (sku: string) => [
      { run: '1', image: 'x', sku, tput: 1000 },
      { run: '2', image: 'y', sku, tput: 960 },
    ];
    expect(only(compare('image', 'x', 'y', rows('loud')))?.verdict).toBe('unsure');
    const judged = throughputJudged();
    const unknown = { ...judged, noise: { ...judged.noise, points: undefined } };
    expect(only(compare('image', 'x', 'y', rows('h100'), unknown))).toMatchObject({ verdict: 'unsure' });
  });

  it('matches jobs at the same load and sizes, and says what has no match', () => {
    const { jobs, unmatched } = compare('image', 'x', 'y', [
      { run: '1', image: 'x', conc: 4, tput: 10 },
      { run: '1', image: 'x', conc: 8, tput: 20 },
      { run: '2', image: 'y', conc: 8, tput: 20 },
      { run: '2', image: 'y', conc: 8, tp: 4, tput: 30 },
      { run: '2', image: 'y', conc: 4, tput: undefined, state: 'failed', is_valid: false, error: 'died' },
    ]);
    expect(jobs.map(({ a, b }) => [a, b])).toEqual([[[1], [2]]]);
    expect(unmatched.map(({ side, reason }) => [side, reason])).toEqual([
      ['b', 'failed: died'],
      ['a', 'b has no such point'],
      ['b', 'a has no such point'],
    ]);
  });

  it.each(['precision', 'spec', 'sku', 'framework', 'series'])('lets sides differ by %s alone', (by) => {
    const column = { precision: 'precision', spec: 'spec_decoding', sku: 'sku', framework: 'framework' }[by];
    const rows: readonly MeasuredRow[] = [
      { run: '1', tput: 10, model: 'm-fp8', series: 'one', ...(column && { [column]: 'A' }) },
      { run: '1', tput: 20, model: 'm-fp4', series: 'two', [column ?? 'precision']: 'B' },
    ];
    const [a, b] = by === 'series' ? ['h100 sglang fp8', 'h100 sglang B'] : ['A', 'B'];
    expect(compare(by, a, b, rows).jobs).toHaveLength(1);
    // Another length is another job.
    const longer = [rows[0]!, { ...rows[1]!, isl: 8192 }];
    expect(compare(by, a, b, longer).jobs).toHaveLength(0);
  });

  it('takes what a row says to be off for what another does not say', () => {
    const rows = [
      { run: '1', precision: 'A', tput: 10, disagg: false, pp: 1, is_multinode: false },
      { run: '2', precision: 'B', tput: 20 },
    ];
    expect(compare('precision', 'A', 'B', rows).jobs).toHaveLength(1);
  });

  it('judges other hardware by the noise of the side that has more of it', () => {
    const rows = [
      { run: '1', sku: 'h100', tput: 1000 },
      { run: '2', sku: 'loud', tput: 960 },
    ];
    const [quiet, loud] = [compare('sku', 'h100', 'loud', rows), compare('sku', 'loud', 'h100', rows)];
    expect(only(quiet)?.verdict).toBe('unsure');
    expect(only(loud)?.verdict).toBe('unsure');
    expect(Math.log1p(only(quiet)!.interval![1]) - Math.log1p(only(quiet)!.change)).toBeCloseTo(
      Math.log1p(only(loud)!.interval![1]) - Math.log1p(only(loud)!.change),
      9,
    );
  });

  it('takes the median of several runs, and the newest software of a side', () => {
    const rows = [
      ...[900, 1000, 5000].map((tput, index) => ({ run: `${index}`, image: 'x', recipe: 'r', tput })),
      { run: '4', image: 'y', recipe: 's', tput: 1000 },
    ];
    const compared = compare('image', 'x', 'y', rows);
    expect(only(compared)).toMatchObject({ a: 1000, runs: [3, 1], verdict: 'same' });
    expect(compared.jobs[0]?.changed.map(({ label }) => label)).toEqual(['image', 'recipe']);
  });

  it('says nothing of throughput with a stall', () => {
    const rows = [
      { run: '1', image: 'x', tput: 1000 },
      { run: '2', image: 'y', tput: 500, marks: ['server-stall'] },
    ];
    expect(only(compare('image', 'x', 'y', rows))).toMatchObject({
      verdict: 'unsure',
      reason: 'the server stalled',
    });
  });
});

describe('busiestPair', () => {
  it('is the pair with the most jobs in common, the one that was measured first as A', () => {
    const rows = [
      ...[1, 2].map((conc) => ({ run: '1', image: 'new', conc, tput: 1 })),
      { run: '1', image: 'other', conc: 1, tput: 1 },
      ...[1, 2].map((conc) => ({ run: '2', image: 'old', conc, tput: 1 })),
    ];
    const { points } = measured(rows);
    const dimension = DIMENSIONS.find(({ key }) => key === 'image')!;
    expect(busiestPair(points, [0, 1, 2, 3, 4], dimension)).toEqual(['new', 'old']);
    expect(busiestPair(points, [0, 1], dimension)).toBeUndefined();
  });
});
