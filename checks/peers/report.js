// @ts-check
/** Tables that compare each client's figures with what the server did. */
import { table } from '../../bench/loadgen/report.js';
import { median } from '../../bench/matrix/statistics.js';

/**
 * @typedef {import('../../bench/loadgen/rows.js').Run} Run
 * @typedef {{ name: string, runs: readonly Run[], failed: number }} Measured
 */

const METRICS = ['ttft', 'itl', 'tpot', 'e2el'];
const STATISTICS = ['mean', 'p50', 'p99'];

/** @param {import('./cells.js').PeerCell} cell @param {readonly Measured[]} clients */
export function report(cell, clients) {
  // Latencies are only meaningful with a schedule.
  const tables = cell.mode === 'paced' ? [errors(clients), rates(clients)] : [rates(clients)];
  return `${[cell.title, ...tables].join('\n\n')}\n`;
}

/** @param {readonly Measured[]} clients */
function errors(clients) {
  return table([
    ['', ...METRICS.map((metric) => `${metric.toUpperCase()} error, ms`)],
    ...clients.map(({ name, runs }) => [
      name,
      ...METRICS.map((metric) => STATISTICS.map((statistic) => errorOf(runs, metric, statistic)).join(' / ')),
    ]),
  ]);
}

/** @type {readonly (readonly [title: string, digits: number, value: (run: Run) => number | undefined])[]} */
const RATES = [
  ['tokens/s at the server', 0, (run) => run['tok_s_server']],
  ['as told', 0, (run) => run['tok_s']],
  ['CPU per token, µs', 1, (run) => run['tree_us_per_tok']],
  ['processes', 0, (run) => run['processes']],
  ['most in flight', 0, (run) => run['server'].max_active],
  ['requests', 0, (run) => run['server'].posts],
  ['completed, as told', 0, (run) => run['completed']],
  ['start to first request, s', 1, (run) => run['t_first_post_s']],
];

/** @param {readonly Measured[]} clients */
function rates(clients) {
  return table([
    ['', ...RATES.map(([title]) => title), 'runs'],
    ...clients.map(({ name, runs, failed }) => [
      name,
      ...RATES.map(([, digits, value]) => middle(runs, value)?.toFixed(digits) ?? '–'),
      runsOf(runs, failed),
    ]),
  ]);
}

/** @param {readonly Run[]} runs @param {number} failed */
function runsOf(runs, failed) {
  const noisy = runs.filter((run) => run['noisy']).length;
  return [`${runs.length}`, failed > 0 && `${failed} failed`, noisy > 0 && `${noisy} noisy`]
    .filter((part) => part !== false)
    .join(', ');
}

/** @param {readonly Run[]} runs @param {string} metric @param {string} statistic */
function errorOf(runs, metric, statistic) {
  const ms = middle(runs, (run) => run['err_ms']?.[metric]?.[statistic])?.toFixed(1);
  if (ms === undefined) return '–';
  return Number(ms) === 0 ? '0.0' : `${Number(ms) > 0 ? '+' : ''}${ms}`;
}

/** @param {readonly Run[]} runs @param {(run: Run) => number | undefined} value */
function middle(runs, value) {
  const values = runs.flatMap((run) => {
    const one = value(run);
    return one === undefined || Number.isNaN(one) ? [] : [one];
  });
  return values.length === 0 ? undefined : median(values);
}
