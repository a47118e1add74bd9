// @ts-check
/** A whole sweep with real vLLM: every point starts its own server, is loaded, and completes. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { OF_A_BUSY_MACHINE } from '../busy.js';
import { jobsOf, sweeplineShown } from './sweepline.js';

/** @param {import('./environment.js').Environment} environment @param {string} config @returns {Promise<readonly string[]>} Problems. */
export async function checkSweep({ env }, config) {
  const results = mkdtempSync(join(tmpdir(), 'sweepline-real-vllm-results-'));
  const { code, stdout } = await sweeplineShown(
    ['sweep', config, '--results-dir', results, '--json', '--allow-invalid'],
    env,
  );
  const { results: points } = JSON.parse(stdout);
  for (const point of points) describe(point);
  const expected = jobsOf([config]).length;
  return [
    ...(code === 0 ? [] : [`sweep: exit code ${code}, results in ${results}`]),
    ...(points.length === expected ? [] : [`sweep: ${points.length} of ${expected} points`]),
    ...points.flatMap(problemsOf),
  ];
}

/** @param {any} point */
function describe({ concurrency, state, delivered, metrics = {}, marks = [], provenance }) {
  const { completed = 0, offered = 0 } = delivered ?? {};
  const { output_throughput: rate, mean_ttft_ms: ttft, mean_tpot_ms: tpot } = metrics;
  console.log(`sweep, concurrency ${concurrency}: ${state}, ${completed} of ${offered} requests completed`);
  console.log(
    `  ${rate?.toFixed(0)} tok/s, mean TTFT ${ttft?.toFixed(1)} ms, mean TPOT ${tpot?.toFixed(2)} ms`,
  );
  console.log(
    `  engine: ${JSON.stringify(provenance.engine ?? {})}; marks: ${marks.map(codeOf).join(' ') || 'none'}`,
  );
}

/** @param {{ readonly code: string }} mark */
const codeOf = ({ code }) => code;

/** @param {any} point @returns {readonly string[]} */
function problemsOf({ name, state, error, delivered, marks = [] }) {
  if (state !== 'completed') return [`sweep: ${name} ${state}: ${error?.message ?? ''}`];
  const invalid = marks
    .filter(
      (/** @type {any} */ { severity, code }) => severity === 'invalid' && !OF_A_BUSY_MACHINE.includes(code),
    )
    .map(codeOf);
  return [
    ...(delivered.completed === delivered.offered ? [] : [`sweep: ${name}: ${JSON.stringify(delivered)}`]),
    ...invalid.map((/** @type {string} */ code) => `sweep: ${name} is marked ${code}`),
  ];
}
