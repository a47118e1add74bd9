import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeStoreWorkspace, type StoreWorkspace } from './commands.js';
import { ingest, reasonsIn } from './contract.js';
import { row } from './rows.js';
import {
  ALL_NUMBERS,
  completed,
  failed,
  rejected,
  skipped,
  SPLIT,
  writeRun,
  type TestResult,
} from './runs.js';

let workspace: StoreWorkspace;
beforeEach(async () => void (workspace = await makeStoreWorkspace()));
afterEach(() => workspace[Symbol.asyncDispose]());

const out = (...path: readonly string[]): string => join(workspace.root, 'out', ...path);
const json = async (...path: readonly string[]): Promise<unknown> =>
  JSON.parse(await readFile(out(...path), 'utf8'));
const makeRun = (id: string, results: readonly TestResult[], logs = {}): Promise<string> =>
  writeRun(join(workspace.resultsDir, id), { id, results, logs });
const heldBack = (): ReturnType<typeof reasonsIn> => reasonsIn(out());

const split = { ...SPLIT, hw: 'gb200-nv_0', spec_decoding: 'mtp', conc: 128 };

it('writes a run as artifacts that the dashboard reads as they are meant', async () => {
  const multi = completed('multi');
  const results = [
    completed('single', { row: { spec_decoding: 'mtp', framework: 'trtllm' } }),
    { ...multi, row: split },
    failed('broken'),
    { ...failed('planless'), error: { code: 'PLAN_INVALID', message: 'm' } },
    { ...failed('stopped'), state: 'interrupted', error: undefined },
    rejected('refused'),
    skipped('later'),
  ];
  await makeRun('r1', results, { single: 'the log', broken: 'another' });

  const { exitCode, said } = await workspace.run('export', 'inferencex', 'out');
  expect(exitCode).toBe(0);
  expect(said).toContain('out: 2 results and 0 evals of 1 runs exported; 5 held back');
  expect((await readdir(out())).sort()).toEqual([
    ...['bmk_multi', 'bmk_single', 'held-back.json', 'results_bmk', 'run-stats', 'server_logs_single'],
    'success-by-layer.json',
  ]);
  const { benchmarks, problems, stats } = ingest(out());
  expect(problems).toEqual([]);
  const read = benchmarks.filter(({ file }) => file.startsWith('bmk_'));
  expect(read).toMatchObject([
    { hardware: 'gb200', model: 'dsr1', gpus: [8, 8], row: split, log: false },
    {
      hardware: 'b200',
      gpus: [8, 8],
      row: row({ ...ALL_NUMBERS, spec_decoding: 'mtp', framework: 'trtllm' }),
    },
  ]);
  expect(read.map(({ log }) => log)).toEqual([false, true]);
  expect(stats).toEqual({ b200: { n_success: 2, total: 5 } });
  expect(await json('success-by-layer.json')).toEqual({
    r1: {
      b200: { completed: 2, interrupted: 1, rejected: 1, skipped: 1, failed: { 'server-death': 1, plan: 1 } },
    },
  });
  expect(await heldBack()).toEqual({
    broken: 'it has no numbers: it is failed',
    planless: 'it has no numbers: it is failed',
    stopped: 'it has no numbers: it is interrupted',
    refused: 'it has no numbers: it is rejected',
    later: 'it has no numbers: it is skipped',
  });
});

it('gives GPUs the names that the dashboard knows, and moves what it would take for a number', async () => {
  const more = {
    hw: 'h200-cw_0',
    recipe_fingerprint: '3fa9c1',
    done: true,
    power_w: 612.5,
    router: { name: 'r' },
  };
  await makeRun('r1', [{ ...completed('p', { row: more }), provenance: { sweepline: '1' } }]);

  const { said } = await workspace.run('export', 'inferencex', 'out');
  expect(said).toContain("hw is h200 in place of h200-cw_0, which the dashboard doesn't know");
  expect(said).toContain('recipe_fingerprint, done moved to `sweepline`');
  expect(ingest(out()).problems).toEqual([]);
  const { recipe_fingerprint: recipe, done, ...rest } = more;
  expect(await json('bmk_p', 'agg_p.json')).toEqual({
    ...row({ ...ALL_NUMBERS, ...rest, hw: 'h200' }),
    sweepline: { recipe_fingerprint: recipe, done },
  });
});

it('exports the median of repeats, of which the dashboard would keep the last', async () => {
  const tputs = { r1: 300, r2: 500, r3: 400 };
  const repeats = Object.entries(tputs).map(([name, tput]) =>
    completed(name, { row: { tput_per_gpu: tput } }),
  );
  await makeRun('r1', [...repeats, completed('other', { row: { conc: 8 } })]);

  await workspace.run('export', 'inferencex', 'out');
  expect((await readdir(out())).filter((name) => name.startsWith('bmk_'))).toEqual(['bmk_other', 'bmk_r3']);
  expect((await heldBack())['r1']).toContain("can't distinguish it from r3, which has the median throughput");
});

it('exports what is chosen; several runs have a folder each', async () => {
  await makeRun('r1', [completed('a'), completed('b', { row: { conc: 8 }, concurrency: 8 }), failed('c')]);
  await makeRun('r2', [completed('a', { row: { hw: 'h200' } })]);

  await workspace.run('export', 'inferencex', 'all');
  const names = await readdir(join(workspace.root, 'all'));
  expect(names.sort()).toEqual(['held-back.json', 'r1', 'r2', 'success-by-layer.json']);
  await workspace.run('export', 'inferencex', 'out', 'run=r1', 'conc=64', 'state=completed');
  expect(ingest(out()).benchmarks).toHaveLength(2);
  // Whatever is chosen of a run, its success is that of all its points.
  expect(ingest(out()).stats).toEqual({ b200: { n_success: 2, total: 3 } });
  const sql = "SELECT run, point FROM results WHERE run = 'r2'";
  await workspace.run('export', 'inferencex', 'queried', '--query', sql);
  expect(ingest(join(workspace.root, 'queried')).benchmarks[0]).toMatchObject({ hardware: 'h200' });
});

it('refuses what it can not do, and leaves nothing', async () => {
  await makeRun('r1', [completed('a')]);
  await workspace.write('out/mine', 'x');
  const said = async (...args: readonly string[]) => (await workspace.run('export', ...args)).said;

  expect(await said('inferencex', 'out')).toMatch(/USAGE: .*out has something in it/);
  expect(await readdir(out())).toEqual(['mine']);
  expect(await said('inferencex', 'x', 'run=none')).toContain('USAGE: no result is chosen');
  expect(await said('inferencex', 'x', '--query', 'SELECT run FROM results')).toContain(
    'have no column point',
  );
  expect(await said('inferencex', 'x', 'run=r1', '--query', 'SELECT 1')).toContain('not by both');
  expect(await said('inferencex', 'x', '--query', "SELECT 'r1' AS run, 'b' AS point")).toContain(
    'no result b in r1',
  );
  expect(await said('inferencex', 'x', '--query', 'DROP TABLE runs')).toContain('only a SELECT is answered');
  expect((await workspace.run('export', 'csv', 'x')).exitCode).toBe(2);
  expect((await readdir(workspace.root)).sort()).toEqual(['out', 'results']);
});

it('ends with 1 where nothing can be exported, and says why', async () => {
  await makeRun('r1', [failed('a')]);
  expect((await workspace.run('export', 'inferencex', 'out')).exitCode).toBe(1);
  expect(await heldBack()).toEqual({ a: 'it has no numbers: it is failed' });
});

it('warns of a run that is not complete', async () => {
  const run = { state: 'interrupted' };
  await writeRun(join(workspace.resultsDir, 'r1'), { id: 'r1', results: [completed('a')], run });
  expect((await workspace.run('export', 'inferencex', 'out')).said).toContain('r1 is not complete');
});

it('lets no name lead out of the folder', async () => {
  await writeRun(join(workspace.resultsDir, 'r1'), { id: '../../x', results: [completed('a')] });
  await makeRun('r2', [completed('a')]);
  await mkdir(join(workspace.root, 'deep'));
  await workspace.run('export', 'inferencex', 'deep/out');
  expect(await readdir(join(workspace.root, 'deep'))).toEqual(['out']);
  expect((await readdir(join(workspace.root, 'deep/out'))).sort()).toEqual([
    ...['--..-x', 'held-back.json', 'r2', 'success-by-layer.json'],
  ]);
});

describe('of imported runs', () => {
  const measured = row(ALL_NUMBERS);

  it('exports rows as they were, counts of jobs and scores', async () => {
    const wide = {
      ...measured,
      conc: 8,
      recipe_fingerprint: '3fa',
      none: [],
      router: { name: 'r', version: '1' },
    };
    await workspace.write('run_7/results_bmk/agg_bmk.json', [measured, wide, split]);
    await workspace.write('run_7/run-stats/run_stats.json', {
      b200: { n_success: 3, total: 4 },
      cpu: { n_success: 1, total: 1 },
    });
    const score = {
      ...{
        model_prefix: 'dsr1',
        model: 'm',
        hw: 'B200',
        framework: 'sglang',
        precision: 'fp8',
        spec_decoding: 'mtp',
      },
      ...{ tp: 8, ep: 1, dp_attention: 'true', conc: 64, task: 'gsm8k', em_strict: 0.95, em_flexible: null },
      source: 'eval_dsr1_8k1k_x/results.json',
    };
    const others = [
      { ...score, source: 'in/results.json' },
      { ...score, prefill_tp: 8, is_multinode: true },
    ];
    await workspace.write('run_7/eval_results_all/agg_eval_all.json', [score, ...others]);
    await workspace.run('import', 'run_7');

    const { said } = await workspace.run('export', 'inferencex', 'out');
    expect(said).toContain('out: 3 results and 1 evals of 1 runs exported; 3 held back');
    const { benchmarks, evals, stats, problems } = ingest(out());
    expect(problems).toEqual([]);
    const rows = benchmarks.filter(({ file }) => file.startsWith('results_')).map((one) => one.row);
    const { recipe_fingerprint: recipe, none, ...rest } = wide;
    expect(rows).toHaveLength(3);
    expect(rows).toEqual(
      expect.arrayContaining([
        measured,
        { ...rest, sweepline: { recipe_fingerprint: recipe, none } },
        split,
      ]) as unknown,
    );
    expect(stats).toEqual({ b200: { n_success: 3, total: 4 } });
    const { em_flexible: _, ...kept } = score;
    expect(evals).toEqual([kept]);
    expect(await heldBack()).toMatchObject({ gsm8k: expect.stringMatching(/sizes|lengths/) as string });
  });

  it('exports none of the scores that the dashboard would take for one', async () => {
    const score = {
      ...{ model_prefix: 'dsr1', hw: 'b200', framework: 'sglang', precision: 'fp8', spec_decoding: 'none' },
      ...{ tp: 8, ep: 1, dp_attention: 'false', conc: 64, em_strict: 0.95 },
    };
    const source = 'eval_dsr1_8k1k_x/results.json';
    await workspace.write('run_7/eval_results_all/agg_eval_all.json', [
      { ...score, source, task: 'once', is_multinode: false, prefill_tp: 8, decode_tp: 8 },
      { ...score, source, task: 'split', is_multinode: false, prefill_tp: 4 },
      { ...score, source, task: 'twice' },
      { ...score, source, task: 'twice', em_strict: 0.5 },
      { ...score, source, task: 'other lengths' },
      { ...score, source: 'eval_dsr1_1k1k_x/results.json', task: 'other lengths', em_strict: 0.5 },
      { ...score, source, task: 'percent', em_strict: 95 },
    ]);
    await workspace.run('import', 'run_7');

    await workspace.run('export', 'inferencex', 'out');
    const tasks = ingest(out()).evals.map(({ task }) => task);
    expect(tasks.sort()).toEqual(['once', 'other lengths', 'other lengths']);
    expect(await heldBack()).toEqual({
      twice: 'there are several scores of the same, of which the dashboard would keep one',
      split: 'the dashboard would take its sizes for those of one server',
      percent: 'its scores are no fractions',
    });
  });

  it('holds back what has other definitions, and what was imported twice', async () => {
    await workspace.write('run_7/results_bmk/agg_bmk.json', [measured]);
    await workspace.write('again/run_7/bmk_x/agg_x.json', [measured, { ...measured, conc: 8 }]);
    await workspace.write('bench.json', {
      ...{ date: '20261101-000000', backend: 'vllm', model_id: 'm', num_prompts: 10, duration: 1 },
      ...{ completed: 10, max_concurrency: 4, request_throughput: 1, output_throughput: 1, mean_ttft_ms: 1 },
    });
    await workspace.run('import', 'run_7', 'again', 'bench.json');

    await workspace.run('export', 'inferencex', 'out');
    expect(ingest(out('run_7')).problems).toEqual([]);
    const reasons = Object.values(await heldBack());
    expect(reasons).toContain('it is there twice, with the same numbers, and counts once');
    expect(reasons).toContain("its numbers have the definitions of vllm-bench, which are not InferenceX's");
    expect(ingest(out('run_7')).stats).toEqual({});
  });
});

it('notices when an artifact is wrong', async () => {
  await makeRun('r1', [completed('a')]);
  await workspace.run('export', 'inferencex', 'out');
  await writeFile(
    out('bmk_a', 'agg_a.json'),
    JSON.stringify({ ...row(ALL_NUMBERS), hw: 'a100', note: '3x' }),
  );
  expect(ingest(out()).problems).toEqual([
    expect.stringContaining('skipped: hardware a100'),
    expect.stringContaining('stored as a number: note'),
    'results_bmk has not the same rows as bmk_*',
  ]);
});
