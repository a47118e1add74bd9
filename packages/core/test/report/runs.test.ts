import { describe, expect, it } from 'vitest';
import { renderReport, renderTerminal } from '../../src/report/index.js';
import type { Mark, Result } from '../../src/results/schema.js';
import { completed, failure, run } from './results.js';

const INVALID: Mark = { code: 'incomplete', severity: 'invalid', message: 'ended early' };

const ofPoint = <R extends Result>(result: R, conc: number, repeat: number): R => ({
  ...result,
  ...{ name: repeat === 1 ? `c${conc}` : `c${conc}.r${repeat}`, point: `c${conc}`, repeat },
});
/** A run of a point: its throughput, and its TTFT in s. */
const measured = (conc: number, repeat: number, tput: number, ttft: number, marks: Mark[] = []) =>
  ofPoint(completed({ conc, tput_per_gpu: tput, median_ttft: ttft }, marks), conc, repeat);

/** Three runs; one valid, one invalid and one failed; two that are not valid, and one that is missing. */
const results: Result[] = [
  measured(4, 1, 1100, 0.5),
  measured(4, 2, 1000, 0.2),
  measured(4, 3, 1300, 0.3),
  measured(8, 1, 2000, 0.4),
  measured(8, 2, 9999, 9, [INVALID]),
  ofPoint(failure({ code: 'SERVER_DIED', message: 'exit 1' }), 8, 3),
  measured(16, 1, 7777, 7, [INVALID]),
  measured(16, 2, 8888, 8, [INVALID]),
];
const input = { run: { ...run, points: 8, repeats: { count: 3, seed: 's' } }, results };
const once = { run: { ...run, points: 1 }, results: [completed({ conc: 4 })] };

describe('the table of a terminal', () => {
  const lines = renderTerminal(input, 200).split('\n');
  const rowOf = (conc: number) =>
    lines.find((line) => line.match(new RegExp(`^ *\\S.* ${conc}  \\S* ?\\S* ?\\S* ?runs`)))!;

  it('has each point once, with the median of its valid runs, their range, and their number', () => {
    expect(rowOf(4)).toContain('300 (200 … 500)');
    expect(rowOf(4)).toContain('1100 (1000 … 1300)');
    expect(rowOf(4)).toMatch(/ 3 runs .* completed$/);
    expect(rowOf(8)).toMatch(/ 1 of 3 runs .* 400 .* 2000 .* completed$/);
    expect(rowOf(8)).not.toMatch(/9999|…/);
    expect(rowOf(16)).toMatch(/ 0 of 3 runs .*invalid: incomplete$/);
  });

  it('says what the range is, and names what failed', () => {
    const text = lines.join(' ').replaceAll(/\s+/g, ' ');
    expect(text).toContain(
      'their range between runs. The range covers the median of all such runs with a probability of: 3 runs 75 %.',
    );
    expect(text).toContain('Of a point with one run, how much it differs is not known.');
    expect(text).toContain('c8.r3: failed SERVER_DIED: exit 1');
    expect(text).toContain('c8.r2: invalid incomplete: ended early');
  });

  it('says of points that were measured once that they come from one run', () => {
    expect(renderTerminal(once)).toContain('Each number comes from one run');
  });
});

describe('the summary', () => {
  const text = renderReport('markdown', input);

  it('has medians and ranges of valid runs, and never mixes invalid ones in', () => {
    const table = text.slice(text.indexOf('## Single-Node Results'), text.indexOf('## Invalid'));
    expect(table).toMatch(
      /\| 3 runs +\|.*300.0000 \(200.0000 … 500.0000\).*1100.0000 \(1000.0000 … 1300.0000\)/,
    );
    expect(table).toMatch(/\| 1 of 3 runs +\|.*400.0000 +\|/);
    expect(table.match(/^\| \d/gm)).toHaveLength(2);
    expect(text).toMatch(/0 of 3 runs/);
    expect(text).toContain('their range between runs');
  });

  it('of points that were measured once has the columns that it had, and says that they come from one run', () => {
    const single = renderReport('markdown', once);
    expect(single).toContain('Each number comes from one run');
    expect(single).not.toMatch(/Runs|…/);
  });
});

describe('formats for programs', () => {
  it('csv has a line per point, with the numbers of runs and the ends of the range', () => {
    const [header = '', ...lines] = renderReport('csv', input).trim().split('\r\n');
    const cells = lines.map((line) =>
      Object.fromEntries(header.split(',').map((key, i) => [key, line.split(',')[i]])),
    );
    expect(cells).toHaveLength(3);
    expect(cells[0]).toMatchObject({
      ...{ name: 'c4', valid_runs: '3', runs: '3', conc: '4', tput_per_gpu: '1100' },
      ...{ lowest_run_tput_per_gpu: '1000', highest_run_tput_per_gpu: '1300', median_ttft: '0.3' },
    });
    expect(cells[1]).toMatchObject({ name: 'c8', valid_runs: '1', runs: '3', lowest_run_tput_per_gpu: '' });
    expect(cells[2]).toMatchObject({ name: 'c16', valid: 'false', valid_runs: '0', runs: '3' });
    expect(header).not.toContain('lowest_run_conc');
  });

  it('json has every run as it is stored, and what they say together', () => {
    const report = JSON.parse(renderReport('json', input)) as { results: unknown[]; points: unknown[] };
    expect(report.results).toHaveLength(8);
    expect(report.points).toMatchObject([
      {
        ...{ name: 'c4', runs: 3, validRuns: 3, rangeCoversMedian: 0.75 },
        numbers: { tput_per_gpu: { median: 1100, low: 1000, high: 1300 } },
      },
      { name: 'c8', runs: 3, validRuns: 1, numbers: {} },
      { name: 'c16', runs: 3, validRuns: 0, numbers: {} },
    ]);
    expect(JSON.parse(renderReport('json', once))).not.toHaveProperty('points');
  });
});

it('a number that one of the valid runs lacks is missing, not that of the others', () => {
  const lacking = ofPoint(completed({ conc: 4, tput_per_gpu: 900, median_ttft: undefined }), 4, 2);
  const some = [measured(4, 1, 1100, 0.5), lacking, measured(4, 3, 1000, 0.4)];
  const lines = renderReport('csv', { run, results: some }).split('\r\n');
  expect(lines[0]!.split(',')).not.toContain('median_ttft');
  expect(lines[1]).toContain(',3,3,');
});

it('no number of an invalid run is in a median or a range', () => {
  const some = [measured(4, 1, 1100, 0.5), measured(4, 2, 9999, 9, [INVALID]), measured(4, 3, 1000, 0.4)];
  const { points } = JSON.parse(renderReport('json', { run, results: some })) as { points: unknown };
  expect(points).toMatchObject([
    { runs: 3, validRuns: 2, numbers: { tput_per_gpu: { median: 1050, low: 1000, high: 1100 } } },
  ]);
});
