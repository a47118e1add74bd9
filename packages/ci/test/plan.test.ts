import { describe, expect, it } from 'vitest';
import { cut } from '../src/actions/environment.js';
import { changelogArtifact } from '../src/plan/changelog-artifact.js';
import { planConfigs } from '../src/plan/configs.js';
import { canaryRows, matrixText, restRows, rowOutputs } from '../src/plan/matrices.js';
import type { MatrixJob } from '../src/plan/plan.js';
import { readJobs } from '../src/plan/read-jobs.js';
import { share } from '../src/plan/share.js';
import { wordsOf } from '../src/plan/words.js';

function job(more: Partial<MatrixJob> = {}): MatrixJob {
  return { 'model-prefix': 'dsr1', precision: 'fp8', framework: 'sglang', runner: 'h200', conc: 4, ...more };
}

const FLEET = { minutesPerPoint: 60, enqueueHours: 20, machines: {} };

describe('a plan', () => {
  it('begins each config with its lowest concurrency, wherever that is in the list', () => {
    const configs = planConfigs([job({ conc: 8 }), job({ conc: 2 }), job({ conc: 4, runner: 'b200' })], {
      points: 48,
    });
    expect(configs).toEqual([
      {
        ...{ id: 'c1', name: 'dsr1-fp8-sglang-h200', runner: 'h200', canary: job({ conc: 2 }) },
        rows: [{ id: 'c1-1', jobs: [job({ conc: 8 })] }],
      },
      {
        id: 'c2',
        name: 'dsr1-fp8-sglang-b200',
        runner: 'b200',
        canary: job({ conc: 4, runner: 'b200' }),
        rows: [],
      },
    ]);
  });

  it('takes one concurrency from a job of several nodes, and loses none', () => {
    const [config] = planConfigs([job({ conc: [8, 2, 4], prefill: {} })], { points: 48 });
    expect([config?.canary?.conc, config?.rows[0]?.jobs.map(({ conc }) => conc)]).toEqual([[2], [[8, 4]]]);
  });

  it('tells configs apart by image, speculative decoding and number of nodes', () => {
    const jobs = [
      job(),
      job({ image: 'b' }),
      job({ 'spec-decoding': 'mtp' }),
      job({ prefill: {}, conc: [4] }),
    ];
    expect(planConfigs(jobs, { points: 48 }).map(({ id }) => id)).toEqual(['c1', 'c2', 'c3', 'c4']);
  });

  it('cuts a config into rows of as many points as a job may measure', () => {
    const jobs = [1, 2, 4, 8, 16, 32].map((conc) => job({ conc }));
    const [config] = planConfigs(jobs, { points: 2 });
    expect(config?.rows.map((row) => [row.id, row.jobs.map(({ conc }) => conc)])).toEqual([
      ['c1-1', [2, 4]],
      ['c1-2', [8, 16]],
      ['c1-3', [32]],
    ]);
  });

  it('has names of plain letters, whatever configs say', () => {
    const [config] = planConfigs([job({ 'model-prefix': 'a"; $(b)\n', framework: '`x`' })], { points: 1 });
    expect(config?.name).toBe('a_____b__-fp8-_x_-h200');
  });

  it('has no eval for a canary where something is measured, and an eval where nothing is', () => {
    const asked = job({ conc: 1, 'eval-only': true });
    const [both] = planConfigs([asked, job({ conc: 8 })], { points: 48 });
    expect([both?.canary, both?.rows[0]?.jobs]).toEqual([job({ conc: 8 }), [asked]]);
    expect(planConfigs([asked], { points: 48 })).toMatchObject([{ canary: asked, rows: [] }]);
  });
});

/** A job as `sweepline matrix` prints it. */
function printed(more: Partial<MatrixJob> = {}): MatrixJob {
  return {
    ...job(more),
    ...{ image: 'i', model: 'm', 'spec-decoding': 'none', 'exp-name': 'dsr1_1k1k', isl: 1024, osl: 1024 },
    ...{ tp: 8, ep: 1, 'dp-attn': false, disagg: false, 'max-model-len': 2248, 'run-eval': false },
  };
}

describe('what the changelog prints', () => {
  it.each(['a b', 'h200"]', '', '${{ x }}', 'a\nb'])('refuses %j as the label of a runner', (runner) => {
    expect(() => readJobs(JSON.stringify([printed({ runner })]))).toThrow(/it can be no label of a runner/);
  });

  it('has each job once: marked where it is asked as well, by itself where it is only asked', () => {
    const matrix = {
      changelog_metadata: { base_ref: 'a', head_ref: 'b', entries: [] },
      single_node: { '1k1k': [printed(), printed({ conc: 8 })] },
      multi_node: {},
      evals: [printed({ conc: 8, 'run-eval': true }), printed({ conc: 16, 'run-eval': true })],
    };
    const { jobs, evals, changelog } = readJobs(JSON.stringify(matrix));
    const marks = jobs.map((one) => [one.conc, one['run-eval'], one['eval-only'] === true]);
    expect(marks).toEqual([
      [4, false, false],
      [8, true, false],
      [16, true, true],
    ]);
    expect([evals, changelog]).toEqual([1, matrix.changelog_metadata]);
  });
});

describe('a share of the jobs', () => {
  const long = (count: number, runner = 'h200') =>
    Array.from({ length: count }, (_, index) => ({
      ...{ id: `c${index + 1}`, name: 'n', runner, canary: job({ runner }) },
      rows: [{ id: `c${index + 1}-1`, jobs: Array.from({ length: 5 }, () => job({ runner })) }],
    }));

  it('is what the machines begin within the time; rows that wait need no canary again', () => {
    const { now, later } = share(long(30), FLEET);
    // One canary an hour begins at 0 to 20; a row of five hours at 0, 5, 10, 15 and 20.
    expect(now.map(({ id }) => id)).toEqual(long(21).map(({ id }) => id));
    expect(now.filter(({ rows }) => rows.length > 0)).toHaveLength(5);
    expect(later.filter(({ canary }) => canary === undefined)).toHaveLength(16);
    expect(later.filter(({ canary }) => canary !== undefined)).toHaveLength(9);
  });

  it('grows with the machines of a label', () => {
    expect(share(long(30), { ...FLEET, machines: { h200: 10 } }).later).toEqual([]);
    expect(share(long(30), { ...FLEET, machines: { b200: 10, constructor: 3 } }).later).not.toEqual([]);
  });

  it('loses no row over a chain of runs, and ends', () => {
    const measured: string[] = [];
    let left: ReturnType<typeof share>['later'] = long(60);
    for (let run = 0; left.length > 0; run += 1) {
      expect(run).toBeLessThan(20);
      const { now, later } = share(left, FLEET);
      measured.push(...canaryRows(now).map(({ row }) => row), ...restRows(now).map(({ row }) => row));
      left = later;
    }
    const all = long(60).flatMap(({ id, rows }) => [id, ...rows.map((row) => row.id)]);
    expect(measured.toSorted()).toEqual(all.toSorted());
  });

  it('never has more jobs than the matrices take', () => {
    const { now, later } = share(long(400), { ...FLEET, machines: { h200: 1000 } });
    expect([canaryRows(now).length, later.length]).toEqual([256, 144]);
  });
});

describe('matrices', () => {
  it('hold 256 jobs each, and are far below what a variable holds', () => {
    const rows = Array.from({ length: 600 }, (_, index) => ({
      ...{ row: `c${index}-1`, runner: 'x'.repeat(100), name: 'y'.repeat(100) },
    }));
    const outputs = rowOutputs(rows);
    const lengths = Object.values(outputs).map((text) =>
      text === '' ? 0 : (JSON.parse(text) as { include: unknown[] }).include.length,
    );
    expect([Object.keys(outputs), lengths]).toEqual([
      ['rows-1', 'rows-2', 'rows-3', 'rows-4'],
      [256, 256, 88, 0],
    ]);
    for (const text of Object.values(outputs)) expect(Buffer.byteLength(text)).toBeLessThan(128 * 1024);
    expect(matrixText([])).toBe('');
  });
});

describe('words', () => {
  it.each([
    ['test-config --config-keys dsr1-* --conc 4', ['test-config', '--config-keys', 'dsr1-*', '--conc', '4']],
    [`a 'b c' "d e" f\\ g`, ['a', 'b c', 'd e', 'f g']],
    ['$(touch x) `y` ; | > "z"', ['$(touch', 'x)', '`y`', ';', '|', '>', 'z']],
    [`'' a""b`, ['', 'ab']],
    ['  ', []],
  ])('of %j', (line, words) => {
    expect(wordsOf(line)).toEqual(words);
  });

  it('need closed quotes', () => {
    expect(() => wordsOf(`a 'b`)).toThrow(/not closed/);
  });
});

describe('the artifact of a changelog', () => {
  const entry = { 'config-keys': ['dsr1-fp8-h200-sglang'], description: 'faster', 'evals-only': false };

  it('has no entry that would hide all benchmarks, no key that is shown nowhere, and no private path', () => {
    const written = changelogArtifact({
      ...{ base_ref: 'a', head_ref: 'b' },
      entries: [
        {
          ...entry,
          'config-keys': ['dsr1-fp8-h200-sglang', 'dsr1-*'],
          description: ['faster', 'see /home/ada/x'],
        },
        { ...entry, 'evals-only': true },
        { ...entry, 'config-keys': ['*'] },
      ],
    });
    expect(written).toEqual({
      base_ref: 'a',
      head_ref: 'b',
      entries: [{ ...entry, description: ['faster'] }],
    });
  });

  it.each([undefined, null, { entries: 1 }, { base_ref: 'a', head_ref: 'b', entries: [] }])(
    'is none of %j',
    (given) => {
      expect(changelogArtifact(given)).toBeUndefined();
    },
  );
});

it('says where a text is cut, at the end of a line and within the bytes', () => {
  const text = cut('äöü\n'.repeat(100), 100);
  expect(Buffer.byteLength(text)).toBeLessThanOrEqual(100);
  expect(text).toMatch(/^(?:äöü\n)+\n\(The rest is left out: it is too long\.\)\n$/);
});
