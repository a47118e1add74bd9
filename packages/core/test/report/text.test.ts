import { describe, expect, it } from 'vitest';
import { DISCLAIMER, renderReport, renderTerminal } from '../../src/report/index.js';
import { completed, failure, run } from './results.js';

const results = [
  completed({ conc: 8 }),
  completed({ conc: 16, median_tpot: undefined }, [
    { code: 'short', severity: 'note', message: 'outputs differ' },
  ]),
  completed({ conc: 32 }, [{ code: 'incomplete', severity: 'invalid', message: 'ended early' }]),
  failure({ code: 'SERVER_DIED', message: 'exit code 1, "quoted", and\nmore' }),
];

describe('csv', () => {
  const lines = renderReport('csv', { run, results }).split('\r\n');
  const header = lines[0]!.split(',');
  const column = (line: number, key: string) => lines[line]!.split(',')[header.indexOf(key)];

  it('has the keys and numbers of the rows', () => {
    expect(header.slice(0, 4)).toEqual(['name', 'state', 'valid', 'hw']);
    expect(column(1, 'median_ttft')).toBe('0.480125');
    expect(column(1, 'conc')).toBe('8');
  });

  it('leaves what is missing empty, names marks and quotes text', () => {
    expect(column(2, 'median_tpot')).toBe('');
    expect(column(2, 'marks')).toBe('note:short');
    expect(lines.at(-2)).toMatch(
      /^h200-conc512,failed,false,h200,512,.*,SERVER_DIED,"exit code 1, ""quoted"", and\nmore"$/s,
    );
    expect(column(4, 'tput_per_gpu')).toBe('');
  });
});

describe('json', () => {
  it('holds run, results and disclaimer', () => {
    const report: unknown = JSON.parse(renderReport('json', { run, results }));
    expect(report).toMatchObject({ schema: 'sweepline.report/1', disclaimer: DISCLAIMER, run, results });
  });
});

describe('terminal', () => {
  const lines = (width: number) => renderTerminal({ run, results }, width).split('\n');

  it('shows numbers and the state of each result', () => {
    const [header, ...body] = lines(140);
    expect(header).toMatch(
      /^Model +HW .* Conc +TTFT ms +TPOT ms +E2EL s +tok\/s\/user +tok\/s\/device( +out +in)? +State$/,
    );
    expect(body[0]).toMatch(
      /^dsr1 +h200 +sglang +fp8 +1024\/1024 +8\/1 +8 +480\.1 +11\.9 +11\.8 +84\.03 +1261 +completed$/,
    );
    expect(body[1]).toMatch(/480\.1 +– .*completed, noted: short$/);
    expect(body[2]).toMatch(/invalid: incomplete$/);
    expect(body[3]).toMatch(/512 +– +– +– +– +– +failed: SERVER_DIED exit code 1/);
  });

  it('explains marks and failures below the table', () => {
    const text = renderTerminal({ run, results }, 140);
    expect(text).toContain('h200-conc16:\n  note short: outputs differ\n');
    expect(text).toContain('  failed SERVER_DIED: exit code 1, "quoted", and more\n');
    expect(text.replaceAll(/\s+/g, ' ')).toContain(DISCLAIMER);
  });

  it.each([60, 80, 100, 200])('fits %d characters', (width) => {
    expect(Math.max(...lines(width).map((line) => line.length))).toBeLessThanOrEqual(width);
    const header = lines(width).find((line) => line.endsWith('State'));
    expect(header).toMatch(/Conc .*tok\/s\/device( +out +in)? +State$/);
  });

  it('keeps what rows differ in, and drops numbers for it', () => {
    const pair = [completed({ isl: 64, osl: 32 }), completed({ isl: 32, osl: 64, tp: 4 })];
    const [common, , header, ...rows] = renderTerminal({ run, results: pair }, 80).split('\n');

    expect(common).toBe('Model dsr1, HW h200, Framework sglang, Prec fp8');
    expect(header).toMatch(/^ISL\/OSL +TP\/EP +Conc .*tok\/s\/device +State$/);
    expect(rows[0]).toMatch(/^32\/64 +4\/1 /);
    expect(rows[1]).toMatch(/^64\/32 +8\/1 /);
  });

  it('stays readable without any result', () => {
    expect(renderTerminal({ run, results: [] }, 80)).toContain('Unofficial results.');
  });
});
