// @ts-check
/** Tables of what each client said, held against what the server did. */
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
  const figures = cell.mode === 'paced' ? errors(clients) : rates(clients);
  return `${cell.title}\n\n${figures}\n`;
}

/** @param {readonly Measured[]} clients */
function errors(clients) {
  const head = ['', ...METRICS.map((metric) => `${metric.toUpperCase()} error, ms`), 'rate', ...COMMON_HEAD];
  return table([
    head,
    ...clients.map(({ name, runs, failed }) => [
      name,
      ...METRICS.map((metric) => STATISTICS.map((statistic) => errorOf(runs, metric, statistic)).join(' / ')),
      // Tokens per second as told, against the server's from the first request to the last byte.
      signed(
        middle(runs, (run) => 100 * (run['tok_s'] / run['tok_s_server'] - 1)),
        1,
        ' %',
      ),
      ...common(runs, failed),
    ]),
  ]);
}

/** @param {readonly Measured[]} clients */
function rates(clients) {
  return table([
    ['', 'tokens/s by the server', 'as told', ...COMMON_HEAD],
    ...clients.map(({ name, runs, failed }) => [
      name,
      fixed(
        middle(runs, (run) => run['tok_s_server']),
        0,
      ),
      fixed(
        middle(runs, (run) => run['tok_s']),
        0,
      ),
      ...common(runs, failed),
    ]),
  ]);
}

const COMMON_HEAD = [
  'CPU per token, µs',
  'processes',
  'most in flight',
  'requests',
  'start to first request, s',
  'runs',
];

/** @param {readonly Run[]} runs @param {number} failed */
function common(runs, failed) {
  const noisy = runs.filter((run) => run['noisy']).length;
  return [
    fixed(
      middle(runs, (run) => run['tree_us_per_tok']),
      1,
    ),
    fixed(
      middle(runs, (run) => run['processes']),
      0,
    ),
    fixed(
      middle(runs, (run) => run['server'].max_active),
      0,
    ),
    fixed(
      middle(runs, (run) => run['server'].posts),
      0,
    ),
    fixed(
      middle(runs, (run) => run['t_first_post_s']),
      1,
    ),
    [String(runs.length), failed > 0 && `${failed} failed`, noisy > 0 && `${noisy} noisy`]
      .filter((part) => part !== false)
      .join(', '),
  ];
}

/** @param {readonly Run[]} runs @param {string} metric @param {string} statistic */
function errorOf(runs, metric, statistic) {
  return signed(
    middle(runs, (run) => run['err_ms']?.[metric]?.[statistic]),
    1,
  );
}

/** @param {readonly Run[]} runs @param {(run: Run) => number | undefined} value */
function middle(runs, value) {
  const values = runs.flatMap((run) => {
    const one = value(run);
    return one === undefined || Number.isNaN(one) ? [] : [one];
  });
  return values.length === 0 ? undefined : median(values);
}

/** @param {number | undefined} value @param {number} digits */
const fixed = (value, digits) => (value === undefined ? '–' : value.toFixed(digits));

/** @param {number | undefined} value @param {number} digits @param {string} [unit] */
const signed = (value, digits, unit = '') =>
  value === undefined ? '–' : `${value > 0 ? '+' : ''}${value.toFixed(digits)}${unit}`;
