import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeStoreWorkspace, type StoreWorkspace } from './commands.js';
import { apiRow, disaggregated, NUMBERS, row, STALLED } from './rows.js';

let workspace: StoreWorkspace;
beforeEach(async () => void (workspace = await makeStoreWorkspace()));
afterEach(() => workspace[Symbol.asyncDispose]());

/** Imports a file. */
async function imported(path: string, content: unknown) {
  await workspace.write(path, content);
  return workspace.run('import', path.split('/')[0]!);
}

describe("artifacts of InferenceX's runs", () => {
  it('are rows with their numbers under their own keys, and name their run', async () => {
    const { exitCode, said } = await imported('run_17/results_bmk/agg_bmk.json', [row(), disaggregated()]);

    expect(exitCode).toBe(0);
    expect(said).toContain('2 results');
    const [one, many] = await workspace.rows('--sort', 'point');
    expect(one).toMatchObject({
      ...NUMBERS,
      run: 'run_17',
      origin: 'inferencex',
      hw: 'b200',
      sku: 'b200',
      tp: 8,
    });
    expect(one).toMatchObject({
      conc: 64,
      dp_attention: false,
      state: 'completed',
      image: 'engine/server:v1',
    });
    expect(many).toMatchObject({
      num_prefill_gpu: 8,
      decode_num_workers: 1,
      prefill_dp_attention: true,
      disagg: true,
    });
    expect(many).not.toHaveProperty('tp');
  });

  it('of 2026-08 have their further sizes', async () => {
    await imported('run/agg_bmk.json', [row({ pp: 2, dcp_size: 1, pcp_size: 1, recipe_fingerprint: 'f00' })]);

    const [found] = await workspace.rows();
    expect(found).toMatchObject({ pp: 2, dcp_size: 1, extra: JSON.stringify({ recipe_fingerprint: 'f00' }) });
    expect(found).not.toHaveProperty('finished_at');
  });

  it.each([
    ['mi355x-amd_0', 'mi355x'],
    ['h200-cw_00', 'h200'],
    ['b200-trt', 'b200'],
    ['GB200', 'gb200'],
    ['a100_3', 'a100'],
  ])('on a node %s have hardware %s', async (hw, sku) => {
    await imported('run/agg_bmk.json', [row({ hw })]);

    expect(await workspace.rows()).toMatchObject([{ hw, sku }]);
  });

  it('are compared across nodes, images and sources, and not across settings', async () => {
    await imported('a/agg_bmk.json', [
      row(),
      row({ hw: 'b200-nv_1', image: 'engine/server:v2' }),
      row({ pp: 1 }),
    ]);
    await imported('b/benchmarks.json', [apiRow()]);
    await imported('c/agg_bmk.json', [
      row({ conc: 32 }),
      row({ ep: 8 }),
      row({ spec_decoding: 'mtp' }),
      row({ pp: 2 }),
    ]);

    const series = (await workspace.rows()).map(({ run, series }) => `${String(run)} ${String(series)}`);
    expect(new Set(series.filter((one) => !one.startsWith('c')).map((one) => one.split(' ')[1])).size).toBe(
      1,
    );
    expect(new Set(series.map((one) => one.split(' ')[1])).size).toBe(5);
  });

  it('that are missing, null or no numbers stay missing', async () => {
    await imported(
      'run/agg_bmk.json',
      JSON.stringify([row({ p99_ttft: null, median_ttft: 1e999 }), row({ conc: 'x' })]).replace(
        '"median_tpot":0.02',
        '"median_tpot":NaN',
      ),
    );

    const [first, second] = await workspace.rows('--sort', 'point');
    for (const key of ['p99_ttft', 'median_ttft', 'median_tpot']) expect(first).not.toHaveProperty(key);
    expect(first).toMatchObject({ tput_per_gpu: 400.5 });
    expect(second).not.toHaveProperty('conc');
  });

  it('that say nothing are counted, with the reason', async () => {
    const { said } = await imported('run/agg_bmk.json', [row(), {}, 'text', { hw: 'b200', conc: 'many' }]);

    expect(said).toMatch(/2 rows skipped of .*agg_bmk\.json: it is no row/);
    expect(said).toMatch(/1 rows skipped of .*agg_bmk\.json: it has no numbers/);
    expect(await workspace.rows()).toHaveLength(1);
  });

  it('that an earlier import has left out are not reported again', async () => {
    await imported('first/agg_bmk.json', [row(), {}]);
    await workspace.write('second/agg_bmk.json', [row(), 'text']);
    const { said } = await workspace.run('import', 'second');

    expect(said.match(/rows skipped of/g)).toHaveLength(1);
  });

  it('that a run has twice are there once, and others of it are', async () => {
    await workspace.write('run/results_bmk/agg_bmk.json', [row()]);
    await workspace.write('run/bmk_a/agg_a.json', row());
    const { said } = await imported('run/bmk_b/agg_b.json', row({ conc: 128 }));

    expect(said).toMatch(/not imported: .*agg_a\.json: its row is in .*agg_bmk\.json as well/);
    expect((await workspace.rows()).map(({ run, conc }) => [run, conc])).toEqual([
      ['run', 64],
      ['run', 128],
    ]);
  });

  it('have a mark where the engine stood still', async () => {
    await imported('run/agg_bmk.json', [row(STALLED), row({ p99_ttft: 31, median_ttft: 10 }), row()]);

    const stalled = await workspace.rows('mark=stall');
    expect(stalled).toMatchObject([{ p99_ttft: 71.2, marks: ['stall'], is_valid: true }]);
  });

  it('of evals and of jobs have tables of their own', async () => {
    await workspace.write('run/run-stats/run_stats.json', { h100: { n_success: 3, total: 4 } });
    await imported('run/eval_results_all/agg_eval_all.json', [
      { ...row(), task: 'gsm8k', em_strict: 0.95, em_strict_se: 0.006, n_eff: 1319, source: 'x_8k1k_' },
      { ...row(), task: 'gpqa' },
    ]);

    expect(await workspace.ask('SELECT task, em_strict, n_eff, sku FROM evals')).toEqual([
      { task: 'gsm8k', em_strict: 0.95, n_eff: 1319, sku: 'b200' },
    ]);
    expect(await workspace.ask('SELECT run, sku, n_success, total FROM success')).toEqual([
      { run: 'run', sku: 'h100', n_success: 3, total: 4 },
    ]);
    expect(await workspace.ask('SELECT reason, rows FROM skipped')).toEqual([
      { reason: 'it has no score', rows: 1 },
    ]);
  });

  it('are kept as they were, once, however often they are imported', async () => {
    await imported('run/agg_bmk.json', [row()]);
    const { said } = await workspace.run('import', 'run', 'run/agg_bmk.json');

    expect(said).toContain('0 files imported, 2 had been before');
    const folders = await readdir(join(workspace.resultsDir, 'imports'));
    expect(folders).toHaveLength(1);
    const kept = await readFile(join(workspace.resultsDir, 'imports', folders[0]!, 'agg_bmk.json'), 'utf8');
    expect(JSON.parse(kept)).toEqual([row()]);
    expect(await workspace.rows()).toHaveLength(1);
  });

  it('that are empty, no JSON, or of no known kind are named', async () => {
    await workspace.write('run/empty.json', []);
    await workspace.write('run/torn.json', '[{"hw":');
    await workspace.write('run/notes.txt', 'hello');
    const { exitCode, said } = await imported('run/other.json', { a: 1 });

    expect(exitCode).toBe(0);
    expect(said).toMatch(/empty\.json: it has no rows/);
    expect(said).toMatch(/torn\.json: RESULT_READ_FAILED|torn\.json: can't read/);
    expect(said).toMatch(/notes\.txt: not a \.json file/);
    expect(said).toMatch(/other\.json: it has no known format/);
    expect(await workspace.rows()).toEqual([]);
  });

  it("in folders of Sweepline's own are not imported once more", async () => {
    await imported('run/agg_bmk.json', [row()]);
    await workspace.write('results/r1/journal.ndjson', '');
    await workspace.write('results/r1/bmk_a/agg_a.json', row());
    const { said } = await workspace.run('import', '.');

    expect(said).toMatch(/not imported: .*r1: a run of Sweepline's/);
    expect(said).toMatch(/not imported: .*imports\/\w+: it was imported/);
    expect(await workspace.rows()).toHaveLength(1);
  });

  it('with names that can be no column, or text of any kind, leave the others as they are', async () => {
    const odd = { '': 1, 'a\u0000b': 2, ['x'.repeat(300)]: 3, 'quote"d': 4, image: 'a\u0000b\ud800' };
    await imported('run/agg_bmk.json', [row(odd), row({ conc: 8 })]);

    const [first, second] = await workspace.rows('--sort', 'conc:desc');
    expect(first).toMatchObject({ conc: 64, 'quote"d': 4, tput_per_gpu: 400.5 });
    expect(second).toMatchObject({ conc: 8 });
  });

  it('that are not there are an error', async () => {
    const { said } = await workspace.run('import', 'nowhere');
    expect(said).toMatch(/RESULT_READ_FAILED: can't import .*nowhere/);
  });
});
