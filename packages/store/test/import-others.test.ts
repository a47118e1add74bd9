import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeStoreWorkspace, type StoreWorkspace } from './commands.js';
import { apiRow, NUMBERS, row } from './rows.js';

let workspace: StoreWorkspace;
beforeEach(async () => void (workspace = await makeStoreWorkspace()));
afterEach(() => workspace[Symbol.asyncDispose]());

/** Imports a file. */
async function imported(path: string, content: unknown) {
  await workspace.write(path, content);
  return workspace.run('import', path.split('/')[0]!);
}

describe("answers of the dashboard's API", () => {
  it('are rows of the runs that they name', async () => {
    await imported('api/benchmarks.json', [
      apiRow(),
      apiRow({ run_url: null, disagg: true, is_multinode: true }),
    ]);

    const [named, other] = await workspace.rows('--sort', 'point');
    expect(named).toMatchObject({ ...NUMBERS, run: 'run_27213443242', tp: 8, infmax_model_prefix: 'dsr1' });
    expect(named).toMatchObject({ finished_at: '2026-06-11T00:00:00.000Z', image: 'engine/server:v2' });
    expect(named).not.toHaveProperty('num_prefill_gpu');
    expect(other).toMatchObject({ run: 'api', num_prefill_gpu: 8, prefill_tp: 8 });
    expect(await workspace.ask('SELECT run, url FROM runs ORDER BY run DESC LIMIT 1')).toEqual([
      { run: 'run_27213443242', url: 'https://github.com/example/bench/actions/runs/27213443242/attempts/1' },
    ]);
  });

  it('about evals, reliability and availability have their tables', async () => {
    const config = { ...apiRow(), metrics: undefined, conc: undefined };
    await workspace.write('api/evaluations.json', [
      { ...apiRow(), task: 'gsm8k', metrics: { em_strict: 0.9 }, id: '7' },
      { ...apiRow(), task: 'gpqa', disagg: true, is_multinode: false, metrics: { score: 0.5 }, id: '8' },
    ]);
    await workspace.write('api/availability.json', [config]);
    await imported('api/reliability.json', [
      { hardware: 'b200', date: '2026-06-14', n_success: 1, total: 2 },
    ]);

    expect(await workspace.ask("SELECT task, em_strict, tp, date FROM evals WHERE task = 'gsm8k'")).toEqual([
      { task: 'gsm8k', em_strict: 0.9, tp: 8, date: '2026-06-11T00:00:00.000Z' },
    ]);
    // That a server on one node is disaggregated is said of nearly all.
    expect(await workspace.ask("SELECT score, tp, disagg FROM evals WHERE task = 'gpqa'")).toEqual([
      { score: 0.5, tp: 8 },
    ]);
    expect(await workspace.ask('SELECT sku, n_success, total FROM success')).toEqual([
      { sku: 'b200', n_success: 1, total: 2 },
    ]);
    expect(await workspace.ask('SELECT sku, isl, disagg FROM availability')).toEqual([
      { sku: 'b200', isl: 1024, disagg: false },
    ]);
    expect(await workspace.rows()).toEqual([]);
  });
});

it("a measurement that is in a run's artifacts and on the dashboard is known as such", async () => {
  await workspace.write('run_27213443242/agg_bmk.json', [row(), row({ conc: 8 })]);
  await workspace.write('api/benchmarks.json', [
    apiRow(),
    apiRow({ metrics: { ...NUMBERS, median_ttft: 0.51 } }),
  ]);
  await workspace.run('import', 'api', 'run_27213443242');

  expect(await workspace.rows()).toHaveLength(4);
  const found = await workspace.rows('is_duplicate=false');
  expect(found.map(({ conc, median_ttft: ttft }) => [conc, ttft]).sort()).toEqual([
    [64, 0.5],
    [64, 0.51],
    [8, 0.5],
  ]);
});

describe("a dump of the dashboard's database", () => {
  const lines = (rows: readonly object[]) => `[\n${rows.map((one) => JSON.stringify(one)).join(',\n')}\n]\n`;
  const { metrics, isl, osl, conc, image, ...api } = apiRow();
  const config = { ...api, date: undefined, run_url: undefined, workers: undefined };
  const result = {
    config_id: 1,
    benchmark_type: 'single_turn',
    date: '2026-04-01',
    isl,
    osl,
    conc,
    image,
    metrics,
    error: null,
    server_log_id: null,
  };
  const run = {
    run_attempt: 1,
    name: 'sweep',
    conclusion: 'success',
    html_url: 'u',
    created_at: '2026-04-01T03:00:00.000Z',
  };

  it('is joined: a row has its config and the last attempt of its run', async () => {
    await workspace.write('dump/configs.json', lines([{ id: 1, ...config }]));
    await workspace.write(
      'dump/workflow_runs.json',
      lines([
        { ...run, id: '4', github_run_id: '99' },
        { ...run, id: '5', github_run_id: '99', run_attempt: 2 },
      ]),
    );
    await workspace.write(
      'dump/run_stats.json',
      lines([
        { id: '1', workflow_run_id: '5', date: '2026-04-01', hardware: 'b200', n_success: 1, total: 3 },
      ]),
    );
    await workspace.write(
      'dump/eval_results.json',
      lines([
        {
          id: '1',
          workflow_run_id: '5',
          config_id: 1,
          task: 'gsm8k',
          date: '2026-04-01',
          isl: null,
          osl: null,
          conc: 64,
          metrics: { em_strict: 0.9 },
        },
      ]),
    );
    await workspace.write('dump/server_logs.json', lines([{ id: '1', server_log: 'x' }]));
    const { said } = await imported(
      'dump/benchmark_results.json',
      lines([
        { ...result, id: '1', workflow_run_id: '5' },
        { ...result, id: '2', workflow_run_id: '5', error: 'out of memory', metrics: {} },
        { ...result, id: '3', workflow_run_id: '4' },
        { ...result, id: '4', workflow_run_id: '5', config_id: 77 },
      ]),
    );

    expect(said).toMatch(/not imported: .*server_logs\.json/);
    expect(said).toMatch(/1 rows skipped .*run is not in the dump, or was run again/);
    expect(said).toMatch(/1 rows skipped .*config is not in the dump/);
    const [measured, failed] = await workspace.rows('--sort', 'point');
    expect(measured).toMatchObject({
      ...NUMBERS,
      run: 'run_99',
      tp: 8,
      sku: 'b200',
      conc: 64,
      finished_at: '2026-04-01T03:00:00.000Z',
    });
    for (const key of ['id', 'config_id', 'workflow_run_id']) expect(measured).not.toHaveProperty(key);
    expect(failed).toMatchObject({ state: 'failed', error: 'out of memory', is_valid: false });
    expect(await workspace.ask('SELECT run, task, em_strict FROM evals')).toEqual([
      { run: 'run_99', task: 'gsm8k', em_strict: 0.9 },
    ]);
    expect(await workspace.ask('SELECT run, total FROM success')).toEqual([{ run: 'run_99', total: 3 }]);
  });
});

describe('files of other load generators', () => {
  it('vllm bench serve: what it says, and nothing of the hardware', async () => {
    await imported('vllm/result.json', {
      ...{
        date: '20260131-235958',
        endpoint_type: 'openai',
        backend: 'openai',
        model_id: 'example/model',
        num_prompts: 100,
      },
      ...{ request_rate: 'inf', max_concurrency: 16, duration: 12.5, completed: 100, request_throughput: 8 },
      ...{
        output_throughput: 800.5,
        mean_ttft_ms: 90,
        median_ttft_ms: 80,
        p99_ttft_ms: 40_000,
        ttfts: [0.1],
        errors: [''],
      },
    });

    const [found] = await workspace.rows();
    expect(found).toMatchObject({
      model: 'example/model',
      conc: 16,
      output_throughput: 800.5,
      median_ttft_ms: 80,
    });
    expect(found).toMatchObject({
      origin: 'vllm-bench',
      finished_at: '2026-01-31T23:59:58.000Z',
      marks: ['stall'],
    });
    for (const key of ['sku', 'rate', 'isl', 'framework', 'max_concurrency'])
      expect(found).not.toHaveProperty(key);
  });

  it('AIPerf: each statistic of a metric, with its unit', async () => {
    await imported('perf/profile_export_aiperf.json', {
      request_throughput: { unit: 'requests/sec', avg: 13.5 },
      time_to_first_token: { unit: 'ms', avg: 1588, p50: 787, p99: null },
      input_config: {
        endpoint: { model_names: ['example/model'] },
        ...{ input: { prompt: { output_tokens: { mean: 100 } } }, loadgen: { concurrency: 100 } },
      },
      ...{
        was_cancelled: true,
        start_time: '2025-10-17T20:22:08.939332',
        end_time: '2025-10-17T20:22:24.967633',
      },
    });

    const [found] = await workspace.rows();
    expect(found).toMatchObject({
      'request_throughput.avg': 13.5,
      'time_to_first_token.p50': 787,
      osl: 100,
      conc: 100,
    });
    expect(found).toMatchObject({ origin: 'aiperf', state: 'interrupted', is_valid: false });
    expect(found).not.toHaveProperty('time_to_first_token.p99');
    expect(await workspace.ask(`SELECT unit FROM outputs WHERE key = 'time_to_first_token.p50'`)).toEqual([
      { unit: 'ms' },
    ]);
  });
});
