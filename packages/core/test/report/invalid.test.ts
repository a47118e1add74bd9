import { describe, expect, it } from 'vitest';
import { renderReport, renderTerminal } from '../../src/report/index.js';
import { completed, run } from './results.js';

const invalid = completed({ conc: 16, tput_per_gpu: 987654 }, [
  { code: 'slow-client', severity: 'invalid', message: 'the client was late' },
  { code: 'short', severity: 'note', message: 'outputs differ' },
]);
const results = [completed({ conc: 8 }), invalid];
const input = { run: { ...run, points: 2 }, results };

describe('an invalid result looks invalid', () => {
  it('in the table, apart from its notes, and below it', () => {
    const text = renderTerminal(input, 200);

    expect(text).toMatch(/^dsr1 .* 16 .*invalid: slow-client; noted: short$/m);
    expect(text).toMatch(/^1 OF 2 COMPLETED RESULTS IS INVALID \(slow-client 1×\): its numbers/m);
  });

  it('in CSV, in a column that stands early, with its numbers', () => {
    const [header = '', , line = ''] = renderReport('csv', input).split('\r\n');
    const column = header.split(',').indexOf('valid');

    expect(column).toBeLessThan(4);
    expect(line.split(',')[column]).toBe('false');
    expect(line).toContain('987654');
  });

  it('in CSV also where a plugin calls its own numbers so', () => {
    const named = completed({ valid: 1, state: 2, marks: 3 }, invalid.marks.slice());
    const [header = '', line = ''] = renderReport('csv', { run, results: [named] }).split('\r\n');
    const columns = header.split(',');

    expect(new Set(columns).size).toBe(columns.length);
    expect(line.split(',')[columns.lastIndexOf('valid')]).toBe('false');
  });

  it('in the summary: said first, and in each of its rows', () => {
    const markdown = renderReport('markdown', input);

    expect(markdown.split('\n')[2]).toMatch(/^\*\*1 OF 2 COMPLETED RESULTS IS INVALID/);
    for (const row of markdown.split('\n').filter((line) => line.includes('987654')))
      expect(row).toMatch(/^\| INVALID: slow-client; noted: short +\|/);
  });

  it('in JSON', () => {
    const report = JSON.parse(renderReport('json', input)) as { results: { valid: boolean }[] };

    expect(report.results.map(({ valid }) => valid)).toEqual([true, false]);
    expect(report).toMatchObject({
      notices: [expect.stringContaining('1 OF 2 COMPLETED RESULTS IS INVALID')],
    });
  });

  it('is nothing that valid ones are told of', () => {
    const valid = { run: { ...run, points: 1 }, results: [completed()] };
    for (const text of [renderTerminal(valid, 200), renderReport('markdown', valid)])
      expect(text).not.toMatch(/invalid/i);
  });
});
