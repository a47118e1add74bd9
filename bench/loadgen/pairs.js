// @ts-check
/**
 * Compares this checkout's load generator with another's, in turn, so that the cost of a change shows although the machine's speed drifts.
 *
 * node bench/loadgen/pairs.js --base CHECKOUT [--harness FOLDER] [--only ROW]... [--pairs N] [--json FILE]
 *
 * Both run the code in their dist, so build both first. If something it needs is missing, it says so and exits with 0.
 */
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { median } from '../matrix/statistics.js';
import { CELLS } from './cells.js';
import { Harness, Unavailable } from './harness.js';
import { medianInterval } from './median-interval.js';
import { table } from './report.js';
import { ROWS } from './rows.js';

/** @typedef {import('./rows.js').Run} Run */

const { values } = parseArgs({
  options: {
    base: { type: 'string' },
    harness: { type: 'string', default: process.env['SWEEPLINE_LOADBENCH'] },
    only: { type: 'string', multiple: true, default: ['cpu-8', 'cpu-1', 'rate', 'ttft-256', 'ttft-1024'] },
    pairs: { type: 'string', default: '9' },
    'quiet-wait': { type: 'string', default: '60' },
    retries: { type: 'string', default: '2' },
    json: { type: 'string' },
  },
});
if (values.base === undefined) throw new Error('name the checkout to compare with: --base CHECKOUT');

const rows = values.only.map((name) => {
  const row = ROWS[name];
  if (row === undefined) throw new Error(`there is no row ${name}; rows: ${Object.keys(ROWS).join(', ')}`);
  return { name, ...row };
});
const base = join(resolve(values.base), 'bench/loadgen');
process.once('SIGTERM', () => process.exit(143));
process.once('SIGINT', () => process.exit(130));

try {
  const quiet = { waitS: Number(values['quiet-wait']), retries: Number(values.retries) };
  const harness = Harness.prepare(values.harness && resolve(values.harness), undefined, quiet);
  process.once('exit', () => harness.close());
  const measured = await measure(harness);
  console.log(
    table([
      ['', 'before', 'this', 'this against before', 'interval', 'noisy runs'],
      ...rows.map((row) => lineOf(row, measured)),
    ]),
  );
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(measured, undefined, 2)}\n`);
} catch (thrown) {
  if (!(thrown instanceof Unavailable)) throw thrown;
  console.log(`skipped: ${thrown.message}`);
}

/** @param {Harness} harness Each cell's pairs; the one that goes first changes. */
async function measure(harness) {
  /** @type {Record<string, { before: Run, after: Run }[]>} */
  const measured = {};
  for (const name of new Set(rows.map(({ cell }) => cell))) {
    const pairs = (measured[name] = /** @type {{ before: Run, after: Run }[]} */ ([]));
    for (let pair = 0; pair < Number(values.pairs); pair += 1) {
      const before = () => harness.runCheckout('before', base, CELLS[name]);
      const after = () => harness.runCheckout('after', import.meta.dirname, CELLS[name]);
      if (pair % 2 === 0) pairs.push({ before: await before(), after: await after() });
      else {
        const run = await after();
        pairs.push({ before: await before(), after: run });
      }
    }
  }
  return measured;
}

/** Times are compared by their difference, everything else by the ratio of each pair. @param {import('./rows.js').Row} row @param {Awaited<ReturnType<typeof measure>>} measured */
function lineOf({ title, cell, unit, digits, value }, measured) {
  const pairs = measured[cell] ?? [];
  const known = pairs.flatMap(({ before, after }) => {
    const [was, is] = [value(before), value(after)];
    return was === undefined || is === undefined ? [] : [{ was, is }];
  });
  const noisy = pairs.flatMap(({ before, after }) => [before, after]).filter((run) => run['noisy']).length;
  const failed = known.length < pairs.length ? `, ${pairs.length - known.length} without a figure` : '';
  if (known.length === 0) return [title, '–', '–', '–', '–', `${noisy}${failed}`];
  const isTime = unit === 'ms';
  const changes = known.map(({ was, is }) => (isTime ? Math.abs(is) - Math.abs(was) : is / was));
  const shown = (/** @type {number} */ change) =>
    isTime ? `${change.toFixed(3)} ms` : `${change.toFixed(3)} ×`;
  const { low, high, confidence } = medianInterval(changes);
  return [
    title,
    `${median(known.map(({ was }) => was)).toFixed(digits)} ${unit}`,
    `${median(known.map(({ is }) => is)).toFixed(digits)} ${unit}`,
    shown(median(changes)),
    `${shown(low)} to ${shown(high)} (${(100 * confidence).toFixed(0)} %, ${known.length} pairs)`,
    `${noisy}${failed}`,
  ];
}
