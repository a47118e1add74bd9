// @ts-check
/**
 * False alarms and found slowdowns of `sweepline compare` on this machine: pairs of measurements of one point, each with a server of its own,
 * one after the other. `node checks/compare/local.js [--pairs 400] [--planted 50] [--learnt 50]`; see README.md.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { execa } from 'execa';
import { updateIndex } from '@sweepline/store';
import { compareSides, measurementsOf, METRICS, openToRead } from '@sweepline/store/compare';
import { percent } from './points.js';

/** @typedef {import('@sweepline/store/compare').Measurement} Measurement */

const ROOT = join(import.meta.dirname, '../..');
const BIN = join(ROOT, 'packages/core/bin/sweepline.js');
const CONFIG = join(import.meta.dirname, 'local.yaml');
/** More are more than a sweep measures of a point. */
const MOST_REPEATS = 1000;
/** What a slowdown leaves. */
const SLOWER = 0.9;

const { values } = parseArgs({
  options: {
    pairs: { type: 'string', default: '400' },
    planted: { type: 'string', default: '50' },
    learnt: { type: 'string', default: '50' },
    'results-dir': { type: 'string' },
  },
});
const [pairs, planted, learnt] = [values.pairs, values.planted, values.learnt].map(Number);
const metric = METRICS.find(({ key }) => key === 'tput_per_gpu');
if (metric === undefined) throw new Error('no such metric');

const folder = values['results-dir'] ?? mkdtempSync(join(tmpdir(), 'sweepline-compare-'));
try {
  if (values['results-dir'] === undefined) await measure(2 * ((pairs ?? 0) + (learnt ?? 0)));
  const measured = await read();
  const invalid = measured.filter(({ isValid }) => !isValid).length;
  console.log(`${measured.length} measurements, ${invalid} invalid: the machine or its client was disturbed`);
  const valid = measured.filter(({ isValid }) => isValid);
  const known = valid.slice(0, 2 * (learnt ?? 0));
  const rest = valid.slice(known.length);
  await report(known, rest);
} finally {
  if (values['results-dir'] === undefined) rmSync(folder, { recursive: true });
}

/** @param {number} times */
async function measure(times) {
  for (let left = times; left > 0; left -= MOST_REPEATS) {
    const repeat = String(Math.min(left, MOST_REPEATS));
    const args = ['sweep', CONFIG, '--results-dir', folder, '--repeat', repeat, '--allow-invalid'];
    await execa(process.execPath, [BIN, ...args], { cwd: ROOT, stdout: 'ignore' });
  }
}

async function read() {
  const file = join(folder, 'index.duckdb');
  await updateIndex({ folders: [folder], file, signal: new AbortController().signal });
  const index = await openToRead(file);
  const measured = await measurementsOf(index.connection, [metric?.key ?? '']);
  index[Symbol.dispose]();
  return measured;
}

/** @param {readonly Measurement[]} known @param {readonly Measurement[]} rest */
async function report(known, rest) {
  const counts = { pairs: 0, alarms: 0, planted: 0, found: 0, unsure: 0 };
  for (let i = 0; i + 1 < rest.length; i += 2) {
    const [a, b] = [rest[i], rest[i + 1]];
    if (a === undefined || b === undefined) break;
    const verdict = await verdictOf(known, a, b);
    counts.pairs += 1;
    if (verdict === 'better' || verdict === 'worse') counts.alarms += 1;
    if (verdict === 'unsure') counts.unsure += 1;
    if (counts.planted === planted) continue;
    counts.planted += 1;
    const slower = { ...b, metrics: { tput_per_gpu: (b.metrics['tput_per_gpu'] ?? NaN) * SLOWER } };
    if ((await verdictOf(known, a, slower)) === 'worse') counts.found += 1;
  }
  const { alarms, found, unsure } = counts;
  console.log(
    `${alarms} of ${counts.pairs} pairs without a change called better or worse (${percent(alarms / counts.pairs)}, 95 % upper bound ${percent(upperBound(alarms, counts.pairs))}); ${unsure} can't say`,
  );
  console.log(`${found} of ${counts.planted} pairs with 10 % less throughput called worse`);
}

/** @param {readonly Measurement[]} known @param {Measurement} a @param {Measurement} b */
async function verdictOf(known, a, b) {
  if (metric === undefined) throw new Error('no such metric');
  const sides = { a: { name: 'a', measurements: [a] }, b: { name: 'b', measurements: [b] } };
  const { points } = await compareSides(sides, [metric], known);
  return points[0]?.metrics[0]?.verdict;
}

/** One-sided, of a share (Clopper and Pearson 1934), by bisection of the binomial distribution. @param {number} found @param {number} of */
function upperBound(found, of) {
  let [low, high] = [found / of, 1];
  for (let i = 0; i < 50; i++) {
    const middle = (low + high) / 2;
    if (binomial(found, of, middle) > 0.05) low = middle;
    else high = middle;
  }
  return high;
}

/** Probability of so many, or fewer. @param {number} found @param {number} of @param {number} share */
function binomial(found, of, share) {
  let term = of * Math.log1p(-share);
  let sum = Math.exp(term);
  for (let k = 1; k <= found; k++) {
    term += Math.log((of - k + 1) / k) + Math.log(share) - Math.log1p(-share);
    sum += Math.exp(term);
  }
  return sum;
}
