// @ts-check
/** A sweep of real Dynamo: compares requests and tokens in the results with those of its frontend and workers. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { OF_A_BUSY_MACHINE } from '../busy.js';
import { answered, requestsPerWorker } from './logs.js';

const ROOT = resolve(import.meta.dirname, '../..');
const BIN = join(ROOT, 'packages/core/bin/sweepline.js');
const CONFIG = 'checks/real-dynamo/dynamo.yaml';
/** Points of the config: three concurrencies aggregated, three with separate prefill and decode. */
const POINTS = 6;

/** @param {NodeJS.ProcessEnv} env @returns {Promise<readonly string[]>} Problems. */
export async function checkSweep(env) {
  const results = mkdtempSync(join(tmpdir(), 'sweepline-real-dynamo-'));
  const { code, stdout } = await sweepline(
    ['sweep', CONFIG, '--results-dir', results, '--json', '--allow-invalid'],
    env,
  );
  const { run, results: points } = JSON.parse(stdout);
  const folder = join(results, run.id ?? '');
  return [
    ...(code === 0 ? [] : [`exit code ${code}, results in ${results}`]),
    ...(points.length === POINTS ? [] : [`${points.length} of ${POINTS} points`]),
    ...points.flatMap((/** @type {any} */ point) => checkPoint(point, join(folder, 'points', point.name))),
  ];
}

/**
 * Compares a result with what Dynamo's processes counted. @param {any} point @param {string} folder of the point
 * @returns {readonly string[]} problems
 */
export function checkPoint(point, folder) {
  const { name, state, error, delivered, metrics } = point;
  if (state !== 'completed') return [`${name} ${state}: ${error?.message ?? ''}`];
  const rate = metrics.output_throughput.toFixed(0);
  console.log(`${name}: ${delivered.completed} of ${delivered.offered} requests, ${rate} tok/s`);
  return Object.entries({ ...ofRequests(point, folder), ...ofWorkers(point, folder) })
    .filter(([, [seen, wanted]]) => seen !== wanted)
    .map(([what, [seen, wanted]]) => `${name}: ${what}: ${seen}, not ${wanted}`);
}

/** @typedef {Readonly<Record<string, readonly [seen: unknown, wanted: unknown]>>} Expectations */

/**
 * Requests and tokens according to the result and its records, and according to the frontend. @param {any} point @param {string} folder
 * @returns {Expectations}
 */
function ofRequests({ delivered, metrics, marks = [] }, folder) {
  const [{ spec, warmups }, ...rest] = readFileSync(join(folder, 'records.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  const records = rest.filter((line) => 'index' in line);
  const all = answered(join(folder, 'logs'));
  // Warm-ups and the request that finds out how prompts are accepted end before the measured ones start.
  const measured = all.slice(-spec.numPrompts);
  const sum = (/** @type {'input' | 'output'} */ key) => measured.reduce((total, one) => total + one[key], 0);
  const asLong = records.filter((one) => one.outputTokens === one.requestedOutputTokens);
  const invalid = marks.filter(
    (/** @type {any} */ { severity, code }) => severity === 'invalid' && !OF_A_BUSY_MACHINE.includes(code),
  );
  return {
    'completed requests': [delivered.completed, spec.numPrompts],
    records: [records.length, spec.numPrompts],
    'requests of the frontend': [all.length, spec.numPrompts + warmups.completed + 1],
    'prompt tokens': [metrics.total_input_tokens, sum('input')],
    'output tokens': [metrics.total_output_tokens, sum('output')],
    'answers of the requested length': [asLong.length, spec.numPrompts],
    'marks that make it invalid': [invalid.length, 0],
  };
}

/** Whether all workers took part, each in its own phase. @param {any} point @param {string} folder @returns {Expectations} */
function ofWorkers({ job }, folder) {
  const all = answered(join(folder, 'logs'));
  /** @type {readonly (readonly [role: string, count: number])[]} */
  const workers = job.disagg
    ? [
        ['prefill', job.prefill['num-worker']],
        ['decode', job.decode['num-worker']],
      ]
    : [['server', 1]];
  const perWorker = workers.map(([role, count]) => ({
    role,
    count,
    had: requestsPerWorker(join(folder, 'logs'), role),
  }));
  return {
    'requests with separate prefill and decode': [
      all.filter(({ apart }) => apart).length,
      job.disagg ? all.length : 0,
    ],
    ...Object.fromEntries(
      perWorker.flatMap(({ role, count, had }) => [
        [`${role} workers with requests`, [had.filter((one) => one > 0).length, count]],
        [`requests of ${role} workers`, [had.reduce((total, one) => total + one, 0), all.length]],
      ]),
    ),
  };
}

/** @param {readonly string[]} args @param {NodeJS.ProcessEnv} env @returns {Promise<{ code: number | null, stdout: string }>} */
function sweepline(args, env) {
  return new Promise((settle, fail) => {
    const child = spawn(process.execPath, [BIN, ...args], {
      cwd: ROOT,
      env,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let stdout = '';
    child.stdout.setEncoding('utf8').on('data', (chunk) => (stdout += chunk));
    child.once('error', fail).once('close', (code) => settle({ code, stdout }));
  });
}
