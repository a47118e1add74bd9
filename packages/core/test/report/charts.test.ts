import { describe, expect, it } from 'vitest';
import { renderTerminal } from '../../src/report/index.js';
import type { Result } from '../../src/results/schema.js';
import { completed, failure, run } from './results.js';

const point = (conc: number, intvty: number, tput: number, more: Parameters<typeof completed>[0] = {}) =>
  completed({ conc, median_intvty: intvty, tput_per_gpu: tput, ...more });

const THREE = [point(1, 100, 100), point(2, 75, 150), point(4, 50, 200)];

function drawn(results: readonly Result[], width = 80): string {
  return renderTerminal({ run, results }, width, { chart: true });
}

/** Row and column of each mark or number in the plot, from its lower left corner. */
function placesOf(text: string, mark: string): readonly (readonly [up: number, right: number])[] {
  const lines = text.split('\n');
  const bottom = lines.findIndex((line) => line.includes('└'));
  const axis = lines[bottom]!.indexOf('└') + 1;
  return lines
    .slice(0, bottom)
    .flatMap((line, i) =>
      /[│┤]/.test(line)
        ? [...line.slice(axis)].flatMap((cell, right) =>
            cell === mark ? [[bottom - 1 - i, right] as const] : [],
          )
        : [],
    );
}

describe('the chart at the end of a sweep', () => {
  it('has each point where its numbers are, with its concurrency', () => {
    const text = drawn(THREE);

    expect(text).toContain('dsr1, 1024 in / 1024 out\n');
    expect(text).toContain('•  h200 sglang fp8 · TP8 EP1\nNumbers: concurrency.\n');
    // 11 lines from 0 to 200, and the width from 0 to 100.
    const [right] = text
      .split('\n')
      .filter((line) => line.includes('└'))
      .map((line) => line.split('└')[1]!.length - 1);
    expect(placesOf(text, '•')).toEqual(
      [
        [10, Math.round(right! / 2)],
        [7, Math.round(right! * 0.75)],
        [5, right],
      ].map(([up, column]) => [up, column]),
    );
    expect(text).toMatch(/•4/);
    expect(text).toMatch(/•2/);
    expect(text).toMatch(/1•\n/);
  });

  it('has a letter for each series where there are several', () => {
    const text = drawn([...THREE, point(1, 80, 50, { framework: 'vllm' })]);

    expect(text).toMatch(/a4/);
    expect(text).toMatch(/b1/);
    expect(text).toMatch(/^a {2}h200 sglang fp8 · TP8 EP1$/m);
    expect(text).toMatch(/^b {2}h200 vllm fp8 · TP8 EP1$/m);
  });

  it('shows where points fall together, without a number that could be taken for one of them', () => {
    const text = drawn([...THREE, point(8, 50, 200)]);

    expect(placesOf(text, '*')).toHaveLength(1);
    expect(text).not.toMatch(/\*\d/);
  });

  it.each([
    [
      'fewer than three valid points',
      [...THREE.slice(0, 2), completed({ conc: 9 }, [{ code: 'x', severity: 'invalid', message: 'x' }])],
    ],
    ['points without the numbers', [1, 2, 3].map((conc) => completed({ conc, median_intvty: undefined }))],
    ['nothing', []],
    ['what failed', [failure({ code: 'SERVER_DIED', message: 'x' })]],
  ])('is not there for %s', (_, results) => {
    expect(drawn(results)).not.toContain('└');
  });

  it('is not there unless it is asked for', () => {
    expect(renderTerminal({ run, results: THREE }, 80)).not.toContain('└');
  });

  it.each([30, 40, 80, 120, 200])('fits %d characters, side by side where there is room', (width) => {
    const results = [8, 16, 32, 64, 128].flatMap((isl) => THREE.map(({ row }) => completed({ ...row, isl })));
    const text = drawn(results, width);

    expect(Math.max(...text.split('\n').map(({ length }) => length))).toBeLessThanOrEqual(
      Math.max(width, 60),
    );
    const abreast = Math.max(0, ...text.split('\n').map((line) => line.split('└').length - 1));
    expect(abreast).toBe({ 30: 0, 40: 1, 80: 2, 120: 2, 200: 4 }[width]);
    if (width >= 40) expect(text).toContain('1 more workload is in the report.');
  });
});
