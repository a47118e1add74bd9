import { describe, expect, it } from 'vitest';
import { renderTerminal } from '../../src/report/index.js';
import { COLOURED } from '../../src/style.js';
import { completed, failure, run } from './results.js';

const table = (results: Parameters<typeof renderTerminal>[0]['results'], width: number): string[] =>
  renderTerminal({ run, results }, width).split('\n');

describe('a table on a narrow terminal', () => {
  const shapes = [
    completed({ isl: 64, osl: 32, conc: 1 }),
    completed({ isl: 32, osl: 64, conc: 1 }),
    completed({ isl: 64, osl: 32, conc: 2 }),
  ];

  it('says once what all rows have in common, and has room for what tells them apart', () => {
    const [common, empty, header, ...rows] = table(shapes, 80);

    expect(common).toBe('Model dsr1, HW h200, Framework sglang, Prec fp8, TP/EP 8/1');
    expect(empty).toBe('');
    expect(header).toMatch(/^ISL\/OSL +Conc +TTFT ms .*tok\/s\/user +tok\/s\/device +State$/);
    expect(rows.slice(0, 3).map((row) => row.split(/ +/).slice(0, 2))).toEqual([
      ['32/64', '1'],
      ['64/32', '1'],
      ['64/32', '2'],
    ]);
  });

  it('is as it always is where there is room', () => {
    expect(table(shapes, 160)[0]).toMatch(/^Model +HW +Framework +Prec +ISL\/OSL +TP\/EP +Conc /);
  });

  it.each([60, 80, 100])('tells all rows apart in %d characters', (width) => {
    const many = ['alpha', 'beta'].flatMap((model) =>
      ['h200', 'b200'].flatMap((hw) =>
        ['sglang', 'vllm'].flatMap((framework) =>
          [8, 16].map((conc) => completed({ infmax_model_prefix: model, hw, framework, conc })),
        ),
      ),
    );
    const lines = table(many, width);
    const rows = lines
      .filter((line) => /^(alpha|beta)/.test(line))
      .map((line) => line.replace(/completed.*/, ''));

    expect(rows).toHaveLength(16);
    expect(new Set(rows).size).toBe(16);
  });

  it('shortens names that are too long in the middle', () => {
    const long = ['a', 'b'].map((end) =>
      completed({ infmax_model_prefix: `a-model-${'x'.repeat(90)}-${end}` }),
    );
    const lines = table(long, 80);

    expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(80);
    expect(lines.filter((line) => /^a-model-x+…x+-[ab] /.test(line))).toHaveLength(2);
  });
});

describe('rows that are alike in all columns', () => {
  it('are told apart by what they differ in', () => {
    const [header, ...rows] = table([completed({ image: 'img:1' }), completed({ image: 'img:2' })], 200);

    expect(header).toMatch(/ Conc +Setup +TTFT ms /);
    expect(rows[0]).toMatch(/ 64 +image img:1 /);
    expect(rows[1]).toMatch(/ 64 +image img:2 /);
  });

  it('and are one setup measured twice, otherwise', () => {
    expect(table([completed(), completed()], 200)[0]).not.toContain('Setup');
  });
});

describe('colours of a table', () => {
  const results = [
    completed({ conc: 1 }, [{ code: 'short', severity: 'note', message: 'outputs differ' }]),
    completed({ conc: 2 }, [{ code: 'incomplete', severity: 'invalid', message: 'ended early' }]),
    failure({ code: 'SERVER_DIED', message: 'exit code 1', hint: 'Look at its log.' }),
  ];
  const coloured = renderTerminal({ run, results }, 160, { style: COLOURED });

  it('mark states, what is invalid, and hints', () => {
    expect(coloured).toContain(`${COLOURED.good('completed')}, noted: short\n`);
    expect(coloured).toContain(`${COLOURED.bad('invalid: incomplete')}\n`);
    expect(coloured).toContain(COLOURED.bad('failed: SERVER_DIED exit code 1'));
    expect(coloured).toContain(COLOURED.hint('  → Look at its log.'));
    expect(coloured).not.toContain(`${COLOURED.good('completed')}\n`);
  });

  it('change nothing else', () => {
    expect(coloured.replaceAll(/\u001b\[\d+m/g, '')).toBe(renderTerminal({ run, results }, 160));
  });
});
