import { describe, expect, it } from 'vitest';
import { renderReport, renderTerminal } from '../../src/report/index.js';
import type { ReportInput } from '../../src/report/report.js';
import type { RunInfo } from '../../src/results/run-schema.js';
import { completed, failure, rejected, run, skipped } from './results.js';

const pointNames = ['h200-conc8', 'h200-conc16', 'h200-conc32', 'h200-conc64'];
const process = { pid: 4711, host: 'node-1' };

function stopped(state: RunInfo['state'], more: Partial<ReportInput> = {}): ReportInput {
  const results = [completed({ conc: 8 })];
  return { run: { ...run, state, points: 4, pointNames, process }, results, ...more };
}

const firstLine = (input: ReportInput) => renderTerminal(input, 1000).split('\n')[0];

describe('a run that did not finish says so first', () => {
  it.each<[string, ReportInput, string]>([
    ['interrupted', stopped('interrupted'), 'THIS RUN WAS INTERRUPTED: 1 of 4 points has ended.'],
    [
      'killed',
      stopped('running', { presence: 'gone' }),
      'THIS RUN DID NOT FINISH, its process died (process 4711 on node-1): 1 of 4 points has ended.',
    ],
    [
      'going on',
      stopped('running', { presence: 'here' }),
      'THIS RUN IS STILL RUNNING (process 4711 on node-1): 1 of 4 points has ended.',
    ],
    [
      'without an end',
      stopped('running'),
      'THIS RUN HAS NO RECORDED END: it is still running, or its process died',
    ],
    ['with results that are gone', stopped('finished'), 'RESULTS ARE MISSING: 1 of 4 points has ended.'],
  ])('%s', (_, input, text) => {
    expect(firstLine(input)).toContain(text);
    expect(renderReport('markdown', input).split('\n')[2]).toContain(text);
    expect(JSON.parse(renderReport('json', input))).toMatchObject({
      notices: [expect.stringContaining(text)],
    });
  });

  it('names what was begun and what never began', () => {
    const input = stopped('interrupted', { begun: ['h200-conc16'] });
    const markdown = renderReport('markdown', input);

    expect(firstLine(input)).toContain(
      'Begun, without a result: h200-conc16. Never begun: h200-conc32, h200-conc64.',
    );
    expect(markdown).toContain('## Never begun\n\n- h200-conc32\n- h200-conc64');
  });

  it('says of a run that finished that results are gone, and not that they never began', () => {
    const input = stopped('finished');

    expect(firstLine(input)).toContain('No result is left: h200-conc16, h200-conc32, h200-conc64.');
    expect(renderReport('markdown', input)).not.toMatch(/never begun/i);
  });

  it('lists what was refused and what was skipped apart from failures, with the reasons', () => {
    const results = [completed({ conc: 8 }), failure({ code: 'C', message: 'm' }), rejected(), skipped()];
    const names = results.map(({ name }) => name);
    const input = { run: { ...run, state: 'interrupted', points: 4, pointNames: names } as const, results };
    const [terminal, markdown] = [renderTerminal(input, 1000), renderReport('markdown', input)];

    expect(firstLine(input)).toContain('3 of 4 points have ended. Never begun: h200-conc64.');
    expect(terminal.match(/h200-conc64/g)).toHaveLength(1);
    expect(terminal).toContain('rejected: JOB_REJECTED it has one device');
    expect(markdown.slice(markdown.indexOf('## Not completed'))).toContain(
      [
        '## Rejected\n\n- h200-conc32: JOB_REJECTED: it has one device',
        '## Skipped\n\n- h200-conc64: budget: its time is over (--max-hours 2)',
      ].join('\n\n'),
    );
    expect(markdown).not.toContain('## Never begun');
    const rows = renderReport('csv', input).trim().split('\r\n');
    expect(rows).toHaveLength(5);
    expect(rows.at(-1)).toMatch(/^h200-conc64,skipped,false,.*budget,its time is over/);
  });

  it('counts what older runs have no names of', () => {
    const input: ReportInput = { run: { ...run, state: 'interrupted', points: 4 }, results: [] };

    expect(firstLine(input)).toMatch(/0 of 4 points have ended\. Without a result: 4 more, whose names/);
  });

  it('is not said of one that did', () => {
    const input = {
      run: { ...run, points: 1, pointNames: ['h200-conc8'] },
      results: [completed({ conc: 8 })],
    };

    expect(firstLine(input)).toMatch(/^Model/);
    expect(renderReport('markdown', input).split('\n')[2]).toMatch(/^> Unofficial/);
  });
});
