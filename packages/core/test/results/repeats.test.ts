import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { saveSummary } from '../../src/report/save-summary.js';
import { readRun } from '../../src/results/read-run.js';
import { collectRows, withMedianExported } from '../../src/results/repeats.js';
import type { CompletedResult, Mark } from '../../src/results/schema.js';
import { openRunStore, runStoreIn } from '../../src/results/store.js';
import { createMask } from '../../src/secrets.js';
import { completed, run } from '../report/results.js';

const INVALID: Mark = { code: 'incomplete', severity: 'invalid', message: 'ended early' };

/** A run of a point with these tokens per second and device. */
const repeat = (number: number, tput: number, marks: Mark[] = [], point = 'p'): CompletedResult => ({
  ...completed({ tput_per_gpu: tput }, marks),
  ...{ name: number === 1 ? point : `${point}.r${number}`, point, repeat: number },
});

const exported = (...results: readonly CompletedResult[]) =>
  collectRows(results).map((row) => row['tput_per_gpu']);

describe('of the repeats of a point', () => {
  it('the one with the median throughput is exported, of an even number the lower one in the middle', () => {
    expect(exported(repeat(1, 30), repeat(2, 10), repeat(3, 20))).toEqual([20]);
    expect(exported(repeat(1, 30), repeat(2, 10), repeat(3, 20), repeat(4, 40))).toEqual([20]);
    expect(exported(repeat(1, 30))).toEqual([30]);
  });

  it('only valid ones count, and points are apart', () => {
    expect(exported(repeat(1, 30, [INVALID]), repeat(2, 10), repeat(3, 20))).toEqual([10]);
    expect(exported(repeat(1, 30, [INVALID]))).toEqual([]);
    expect(exported(repeat(1, 1), repeat(2, 2), repeat(1, 8, [], 'q'), repeat(2, 9, [], 'q'))).toEqual([
      1, 8,
    ]);
  });

  it('the others say which one is exported, and an invalid one says why it is not', () => {
    const found = withMedianExported([repeat(1, 30), repeat(2, 20), repeat(3, 25), repeat(4, 1, [INVALID])]);
    const reasons = found.map((result) => result.state === 'completed' && result.withheld);
    expect(reasons).toEqual([
      expect.stringContaining('p.r3'),
      expect.stringContaining('p.r3'),
      undefined,
      undefined,
    ]);
  });

  it('none is exported before the run has ended, and they say so', () => {
    const [first] = withMedianExported([repeat(1, 30), repeat(2, 20, [INVALID])], false);
    expect(first).toMatchObject({
      withheld: 'which run of a point is exported is decided when all have ended',
    });
  });

  it('points that are measured once are exported as ever', () => {
    const same = [completed({ conc: 1 }), completed({ conc: 1, tput_per_gpu: 5 })];
    expect(exported(...same)).toHaveLength(2);
    expect(withMedianExported(same)).toBe(same);
  });
});

describe('artifacts', () => {
  let folder: string;
  beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'sweepline-repeats-'))));
  afterEach(() => rm(folder, { recursive: true }));

  it('have one row per point once a run ends; a later process withdraws that of another repeat', async () => {
    const store = await openRunStore(join(folder, 'run'));
    const save = async (result: CompletedResult) => {
      await store.openPoint(result.name);
      await store.savePoint(result, { json: {}, serverLogs: [], mask: createMask([]) });
    };
    const rows = async () => (await readdir(store.folder)).filter((name) => name.startsWith('bmk_'));
    const collected = async () => {
      const text = await readFile(join(store.folder, 'results_bmk', 'agg_bmk.json'), 'utf8');
      return (JSON.parse(text) as { tput_per_gpu: number }[]).map((row) => row.tput_per_gpu);
    };
    await save(repeat(1, 30));
    await save(repeat(2, 10));
    expect(await rows()).toEqual([]);
    await store.saveRun({ ...run, state: 'running' });
    const { results } = await readRun(store.folder);
    expect(results.every((result) => result.state === 'completed' && result.withheld !== undefined)).toBe(
      true,
    );
    await store.saveRun(run);
    await saveSummary(store, await readRun(store.folder));
    expect([await rows(), await collected()]).toEqual([['bmk_p.r2'], [10]]);

    await save(repeat(3, 20));
    await saveSummary(runStoreIn(store.folder), await readRun(store.folder));
    expect([await rows(), await collected()]).toEqual([['bmk_p.r3'], [20]]);
    expect(await readdir(join(store.folder, 'bmk_p.r3'))).toEqual(['agg_p.r3.json']);
  });
});
