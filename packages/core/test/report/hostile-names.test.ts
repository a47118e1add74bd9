import { describe, expect, it } from 'vitest';
import { renderReport, renderTerminal } from '../../src/report/index.js';
import { completed, failure, run } from './results.js';

const EVIL =
  'x | 999999 | [click](javascript:alert) <img src=x onerror=y> `code`\n| 1 |\u001b]0;title\u0007\u009b2J';

describe('names from configs', () => {
  it('stay in their cell of the summary', () => {
    const named = { infmax_model_prefix: EVIL, model: EVIL, hw: EVIL, framework: EVIL, precision: EVIL };
    const markdown = renderReport('markdown', {
      run: { ...run, id: EVIL },
      results: [
        completed(named),
        completed({ ...named, conc: 8 }, [{ code: 'c', severity: 'invalid', message: EVIL }]),
      ],
    });

    const rows = markdown.split('\n').filter((line) => line.startsWith('|'));
    const cells = rows.map((row) => row.split(/(?<!\\)\|/).length);
    expect(cells).toEqual([20, 20, 20, 21, 21, 21]);
    expect(markdown).not.toMatch(/(?<!\\)[<`[]/);
    expect(markdown).not.toMatch(/[\0-\u0008\u000b-\u001f\u007f-\u009f]/);
  });

  it.each(['=1+1', '+1+1', '-1+1', '@SUM(1)', '\t=1', '=1,"2"'])('are no formula in CSV: %j', (name) => {
    const named = { infmax_model_prefix: name, model: name, hw: name, framework: name, precision: name };
    const csv = renderReport('csv', {
      run,
      results: [completed(named), failure({ code: 'SERVER_DIED', message: name })],
    });

    expect(csv).not.toMatch(/(^|,)"?[=+@\t-]/m);
    expect(csv).toContain(`'${name.replaceAll('"', '""')}`);
  });

  it('move no cursor in the table', () => {
    const text = renderTerminal(
      {
        run,
        results: [
          completed({ hw: EVIL }),
          failure({ code: 'SERVER_DIED', message: EVIL, where: EVIL, hint: EVIL }),
        ],
      },
      120,
    );

    expect(text).not.toMatch(/[\0-\u0008\u000b-\u001f\u007f-\u009f]/);
    expect(text).toContain('␛]0;title');
  });

  it('put no workflow command at the start of a line', () => {
    const text = renderTerminal(
      { run, results: [failure({ code: 'X', message: 'a\n::error::b\n##[error]c' })] },
      120,
    );

    expect(text).not.toMatch(/^\s*::|##\[/m);
  });
});
