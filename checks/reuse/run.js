// @ts-check
/** Whether numbers change when a server has served points before: `node checks/reuse/run.js [--rounds 10]`; see README.md. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { execa } from 'execa';
import { readRun } from '@sweepline/core';

const ROOT = join(import.meta.dirname, '../..');
const BIN = join(ROOT, 'packages/core/bin/sweepline.js');
const CONFIG = join(import.meta.dirname, 'config.yaml');
const METRICS = ['output_throughput', 'median_ttft_ms', 'median_itl_ms', 'median_e2el_ms'];
/** Fewer rounds have no interval of 95 %. */
const LEAST_ROUNDS = 6;

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '10' } } });
const rounds = Math.max(LEAST_ROUNDS, Number(values.rounds));

/** @typedef {import('@sweepline/core').Result} Result */

const folder = mkdtempSync(join(tmpdir(), 'sweepline-reuse-'));
try {
  /** @type {{ fresh: readonly Result[], reused: readonly Result[] }[]} */
  const pairs = [];
  for (let round = 0; round < rounds; round += 1) {
    // Whichever comes first may find a warmer machine.
    const [first, second] = [await sweep(round % 2 === 0), await sweep(round % 2 === 1)];
    pairs.push(round % 2 === 0 ? { reused: first, fresh: second } : { reused: second, fresh: first });
    console.log(`round ${round + 1} of ${rounds}`);
  }
  report(pairs);
} finally {
  rmSync(folder, { recursive: true });
}

/** @param {boolean} reuse @returns {Promise<readonly Result[]>} */
async function sweep(reuse) {
  const own = mkdtempSync(join(folder, 'run-'));
  const args = [
    'sweep',
    CONFIG,
    '--results-dir',
    own,
    '--allow-invalid',
    ...(reuse ? ['--reuse-server'] : []),
  ];
  await execa(process.execPath, [BIN, ...args], { cwd: ROOT });
  const [run = ''] = readdirSync(own);
  const { results } = await readRun(join(own, run));
  const before = results.map(({ provenance }) => provenance.reused?.before ?? 0);
  const expected = reuse ? '0 1 2' : '0 0 0';
  if (before.toSorted().join(' ') !== expected)
    throw new Error(`served before: ${before.join(' ')}, not ${expected}`);
  return results;
}

/** @param {readonly { fresh: readonly Result[], reused: readonly Result[] }[]} pairs */
function report(pairs) {
  const names = pairs[0]?.fresh.map(({ name }) => name) ?? [];
  for (const name of names) {
    const before = pairs[0]?.reused.find((result) => result.name === name)?.provenance.reused?.before ?? 0;
    for (const metric of METRICS) {
      const ratios = pairs
        .map(({ fresh, reused }) => valueOf(reused, name, metric) / valueOf(fresh, name, metric))
        .toSorted((a, b) => a - b);
      const [low, high] = intervalOf(ratios);
      const verdict = low > 1 || high < 1 ? 'CHANGES' : 'no change seen';
      console.log(
        `${before} before, ${metric}: ${median(ratios).toFixed(3)} (${low.toFixed(3)} to ${high.toFixed(3)}) ${verdict}  ${name}`,
      );
    }
  }
}

/** @param {readonly Result[]} results @param {string} name @param {string} metric */
function valueOf(results, name, metric) {
  const result = results.find((one) => one.name === name);
  return result?.state === 'completed' ? (result.metrics[metric] ?? NaN) : NaN;
}

/** Of the median, by order statistics. @param {readonly number[]} sorted @returns {readonly [number, number]} */
function intervalOf(sorted) {
  const n = sorted.length;
  let [rank, below] = [0, 0];
  // The most that may be cut off at each end so that 95 % are between.
  for (let k = 0; k < n / 2; k += 1) {
    below += choose(n, k) / 2 ** n;
    if (below > 0.025) break;
    rank = k + 1;
  }
  const cut = Math.max(0, rank - 1);
  return [sorted[cut] ?? NaN, sorted[n - 1 - cut] ?? NaN];
}

/** @param {number} n @param {number} k */
function choose(n, k) {
  let result = 1;
  for (let i = 1; i <= k; i += 1) result *= (n - k + i) / i;
  return result;
}

/** @param {readonly number[]} sorted */
function median(sorted) {
  const middle = sorted.length >> 1;
  return ((sorted[middle] ?? NaN) + (sorted[Math.ceil(sorted.length / 2) - 1] ?? NaN)) / 2;
}
