// @ts-check
import { closeSync, mkdirSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';

const SKUS = ['h100', 'h200', 'b200', 'b300', 'gb200', 'gb300', 'mi300x', 'mi325x', 'mi355x'];
const FRAMEWORKS = ['sglang', 'vllm', 'trt', 'atom'];
const CONCURRENCIES = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512];
const LENGTHS = [
  [1024, 1024],
  [1024, 8192],
  [8192, 1024],
];
/** Each with six statistics: with the throughputs 63 numbers. */
const METRICS = [
  'ttft',
  'tpot',
  'itl',
  'e2el',
  'intvty',
  'steady_ttft',
  'steady_tpot',
  'queue',
  'power',
  'kv',
];
const STATISTICS = ['mean', 'median', 'std', 'p90', 'p99', 'p99.9'];

/** @param {() => number} random */
function numbers(random) {
  /** @type {Record<string, number>} */
  const all = {};
  for (const throughput of ['tput_per_gpu', 'output_tput_per_gpu', 'input_tput_per_gpu'])
    all[throughput] = 1000 * random();
  for (const metric of METRICS)
    for (const statistic of STATISTICS) all[`${statistic}_${metric}`] = 10 * random();
  return all;
}

/** What the nth point measures. @param {number} index */
function identity(index) {
  const [isl = 0, osl = 0] = LENGTHS[Math.floor(index / (10 * 9 * 4)) % LENGTHS.length] ?? [];
  return {
    ...{
      hw: SKUS[Math.floor(index / 10) % SKUS.length] ?? '',
      conc: CONCURRENCIES[index % 10] ?? 1,
      isl,
      osl,
    },
    ...{
      framework: FRAMEWORKS[Math.floor(index / 90) % FRAMEWORKS.length] ?? '',
      precision: 'fp8',
      tp: 8,
      ep: 1,
    },
    ...{ spec_decoding: 'none', disagg: false, is_multinode: false, dp_attention: 'false' },
    ...{ image: 'engine/server:v1', model: 'example/Model-R1', infmax_model_prefix: 'dsr1' },
  };
}

/** A run as a sweep leaves it. @param {string} workspace @param {number} number @param {number} points @param {() => number} random */
export function makeRun(workspace, number, points, random) {
  const id = `run-${String(number).padStart(6, '0')}`;
  const folder = join(workspace, 'results', id);
  mkdirSync(join(folder, 'points'), { recursive: true });
  const time = new Date(Date.UTC(2026, 0, 1, number)).toISOString();
  writeFileSync(
    join(folder, 'run.json'),
    JSON.stringify({
      ...{
        schema: 'sweepline.run/2',
        id,
        sweepline: '1.0.0',
        startedAt: time,
        finishedAt: time,
        state: 'finished',
      },
      ...{ configFiles: [], points, outputs: [] },
    }),
  );
  const lines = [];
  const entries = [];
  for (let index = 0; index < points; index += 1) {
    const name = `point-${index}`;
    mkdirSync(join(folder, 'points', name));
    const row = identity(index);
    const { hw, conc } = row;
    const result = {
      ...{ schema: 'sweepline.result/2', name, job: { ...row, runner: hw }, concurrency: conc },
      ...{
        startedAt: time,
        finishedAt: time,
        state: 'completed',
        metrics: numbers(random),
        row: { ...row, ...numbers(random) },
      },
      delivered: { offered: 10 * conc, sent: 10 * conc, completed: 10 * conc, failed: 0, peakInFlight: conc },
      marks: random() < 0.1 ? [{ code: 'stall', severity: 'note', message: 'the server stalled' }] : [],
      provenance: { sweepline: '1.0.0', hardware: { sku: hw, node: `${hw}_0`, facts: {} } },
    };
    lines.push(`${JSON.stringify({ v: 1, folder: `points/${name}`, result })}\n`);
    for (const type of ['session-begun', 'point-begun', 'session-ended', 'point-ended'])
      entries.push(
        `${JSON.stringify({ v: 1, seq: entries.length + 1, time, type, name, crc: '00000000' })}\n`,
      );
  }
  writeFileSync(join(folder, 'results.ndjson'), lines.join(''));
  writeFileSync(join(folder, 'journal.ndjson'), entries.join(''));
}

/** Tables of InferenceX's dashboard as its dump has them. @param {string} folder @param {number} rows @param {() => number} random */
export function makeDump(folder, rows, random) {
  mkdirSync(folder);
  const perRun = 500;
  const configs = SKUS.length * FRAMEWORKS.length;
  writeTable(folder, 'configs', configs, (index) => {
    const { hw, framework } = identity(index * 10);
    const sizes = { tp: 8, ep: 1, dp_attention: false, num_workers: 0 };
    const of = (/** @type {string} */ role) =>
      Object.fromEntries(Object.entries(sizes).map(([key, value]) => [`${role}_${key}`, value]));
    return {
      ...{
        id: index,
        hardware: hw,
        framework,
        model: 'dsr1',
        precision: 'fp8',
        spec_method: 'none',
        disagg: false,
      },
      ...{ is_multinode: false, ...of('prefill'), ...of('decode'), num_prefill_gpu: 8, num_decode_gpu: 8 },
    };
  });
  writeTable(folder, 'workflow_runs', Math.ceil(rows / perRun), (index) => ({
    ...{ id: String(index), github_run_id: String(20_000_000 + index), run_attempt: 1, name: 'sweep' },
    ...{
      conclusion: 'success',
      html_url: null,
      created_at: new Date(Date.UTC(2026, 0, 1, index)).toISOString(),
    },
  }));
  writeTable(folder, 'benchmark_results', rows, (index) => {
    const { isl, osl, conc, image } = identity(index);
    return {
      ...{
        id: String(index),
        workflow_run_id: String(Math.floor(index / perRun)),
        config_id: index % configs,
      },
      ...{ benchmark_type: 'single_turn', date: '2026-01-01', isl, osl, conc, image, error: null },
      ...{ metrics: numbers(random), server_log_id: null },
    };
  });
}

/** @param {string} folder @param {string} name @param {number} rows @param {(index: number) => object} rowOf */
function writeTable(folder, name, rows, rowOf) {
  const file = openSync(join(folder, `${name}.json`), 'w');
  writeSync(file, '[\n');
  for (let index = 0; index < rows; index += 1)
    writeSync(file, `${index > 0 ? ',\n' : ''}${JSON.stringify(rowOf(index))}`);
  writeSync(file, '\n]\n');
  closeSync(file);
}
