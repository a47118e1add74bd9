import { describe, expect, it } from 'vitest';
import type { Dialect, SearchSpace } from '../../src/config/model.js';
import { applyEvals, type EvalOptions } from '../../src/matrix/evals/index.js';
import { fullSweep } from '../../src/matrix/full-sweep.js';
import type { Job } from '../../src/matrix/job.js';
import { ALL, entry, list, onManyNodes, onOneNode, RUNNERS } from './entries.js';

function jobs(dialect: Dialect, spaces: readonly SearchSpace[], isl: number, osl: number): readonly Job[] {
  const agentic = dialect === '2026-08' ? [{ 'search-space': spaces }] : [];
  return fullSweep([entry('a', { dialect, spaces, agentic, lengths: [[isl, osl]] })], RUNNERS, ALL);
}

const marks = (all: readonly Job[]) =>
  all
    .filter((job) => job['run-eval'])
    .map((job) => `${'tp' in job ? `tp${job.tp} ` : ''}${String(job.conc)}`);

describe('accuracy runs of February 2026', () => {
  const spaces = [onOneNode(4, list(8, 64)), onOneNode(2, list(4, 16, 16)), onOneNode(8, list(128, 2))];
  const all = jobs('2026-02', spaces, 1024, 8192);

  it('are those with the highest and the lowest tp at their highest concurrency, ties included', () => {
    expect(marks(applyEvals(all, '2026-02', { runEvals: true }))).toEqual(['tp2 16', 'tp2 16', 'tp8 128']);
  });

  it('are told apart by speculative decoding and attention', () => {
    const variants = [
      onOneNode(8, list(4)),
      onOneNode(8, { ...list(2), 'spec-decoding': 'mtp' }),
      onOneNode(8, { ...list(1), 'dp-attn': true }),
    ];
    const marked = applyEvals(jobs('2026-02', variants, 1024, 8192), '2026-02', { runEvals: true });
    expect(marks(marked)).toEqual(['tp8 4', 'tp8 2', 'tp8 1']);
  });

  it('are asked for; evals-only keeps nothing else', () => {
    expect(applyEvals(all, '2026-02', {})).toBe(all);
    expect(applyEvals(all, '2026-02', { evalsOnly: true })).toHaveLength(3);
  });

  it('are of single-node 1k8k alone', () => {
    expect(marks(applyEvals(jobs('2026-02', spaces, 8192, 1024), '2026-02', { runEvals: true }))).toEqual([]);
    const many = jobs('2026-02', [onManyNodes(list(64))], 1024, 8192);
    expect(marks(applyEvals(many, '2026-02', { runEvals: true }))).toEqual([]);
  });
});

describe('accuracy runs of August 2026', () => {
  const august = (spaces: readonly SearchSpace[], options: EvalOptions = {}, isl = 8192) =>
    applyEvals(jobs('2026-08', spaces, isl, 1024), '2026-08', options);
  const onOne = [onOneNode(8, list(8, 16, 32, 64, 128)), onOneNode(4, list(64, 128, 256, 512))];
  const onMany = [
    onManyNodes(list(8, 16)),
    onManyNodes(list(64, 32)),
    onManyNodes({ ...list(4), 'spec-decoding': 'mtp' }),
  ];

  it('are all at the highest and at the upper-median concurrency, from 16 on', () => {
    expect(marks(august(onOne))).toEqual(['tp8 128', 'tp4 128', 'tp4 512']);
    expect(marks(august([onOneNode(8, list(4, 8))]))).toEqual([]);
    expect(marks(august(onOne, {}, 1024))).toEqual([]);
  });

  it('are one for each topology on many nodes, at its highest concurrency', () => {
    const marked = august(onMany);
    expect(marks(marked)).toEqual(['64,32']);
    expect(marked[1]).toMatchObject({ 'run-eval': true, 'eval-conc': 64 });
    expect(marked[0]).not.toHaveProperty('eval-conc');
  });

  it('are none with no-evals; then agentic rows say nothing of them', () => {
    const plain = august(onOne, { noEvals: true });
    expect(marks(plain)).toEqual([]);
    expect(plain.at(-1)).not.toHaveProperty('run-eval');
    expect(august(onOne).at(-1)).toHaveProperty('run-eval', false);
  });

  it('take in agents when they are run alone: each engine once, and each topology', () => {
    expect(marks(august(onOne, { evalsOnly: true }))).toEqual(['tp8 128', 'tp4 128', 'tp4 512', 'tp4 512']);
    const many = august(onMany, { evalsOnly: true });
    expect(many.map((job) => [job.conc, 'eval-conc' in job && job['eval-conc']])).toEqual([
      [[64, 32], 64],
      [[64], 64],
    ]);
    expect(many.every((job) => job['eval-only'])).toBe(true);
  });

  it('are all that can be with all-evals: topologies at once, agents at the highest concurrency', () => {
    const many = august(onMany, { allEvals: true });
    expect(many.map((job) => [job.conc, 'eval-all-concs' in job, 'eval-conc' in job])).toEqual([
      [[8, 16, 32, 64], true, false],
      [[4], true, false],
      [[8, 16, 32, 64], false, true],
      [[4], false, true],
    ]);
    expect(august(onOne, { allEvals: true })).toHaveLength(18);
    expect(august(onOne, { allEvals: true }, 1024)).toHaveLength(9);
  });
});

describe('jobs with a load of their own', () => {
  it.each([
    ['2026-02', [1024, 8192]],
    ['2026-08', [8192, 1024]],
  ] as const)('run no evals: %s', (dialect, [isl, osl]) => {
    for (const space of [onOneNode(8, list(64)), onManyNodes(list(64))]) {
      const [plain] = jobs(dialect, [space], isl, osl);
      if (plain === undefined) throw new Error('no job');
      const loaded = {
        ...plain,
        conc: plain.conc,
        load: { arrival: { pattern: 'poisson', rate: 1 }, duration: 5 },
      };
      for (const options of [{ runEvals: true }, { allEvals: true, runEvals: true }]) {
        expect(marks(applyEvals([loaded as Job], dialect, options))).toEqual([]);
      }
    }
  });
});
