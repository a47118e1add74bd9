// @ts-check
/** What runs: each cell is one load on one server, and serves one or more rows. */

/**
 * @typedef {'sweepline' | 'inferencex'} Client
 * @typedef {object} Cell
 * @property {number} concurrency
 * @property {'max' | 'paced'} mode The server answers as fast as it can, or on its schedule: 200 ms, then 20 ms per token.
 * @property {readonly string[]} options Options of the harness.
 * @property {string} [script] Client script instead of client.js.
 * @property {readonly Client[]} clients
 */

/** @type {readonly Client[]} */
const BOTH = ['sweepline', 'inferencex'];

/** @param {number} concurrency @param {...string} options @returns {Cell} */
const paced = (concurrency, ...options) => ({ concurrency, mode: 'paced', options, clients: BOTH });
/** @param {number} concurrency @param {...string} options @returns {Cell} */
const max = (concurrency, ...options) => ({ concurrency, mode: 'max', options, clients: BOTH });

export const CELLS = /** @satisfies {Record<string, Cell>} */ ({
  prompts: max(8, '--num-prompts', '256', '--output-len', '4', '--keep'),
  'paced-256': paced(256),
  'paced-1024': paced(1024),
  'paced-2048': paced(2048),
  'max-8': max(512, '--coalesce', '8'),
  'max-1': max(512, '--coalesce', '1'),
  start: max(64, '--num-prompts', '640', '--input-len', '8192', '--output-len', '16'),
  // With jitter: on a schedule without it, all streams would again and again send their 0.6 MB at once.
  short: paced(64, '--num-prompts', '512', '--server-args=--jitter=0.3', '--input-len', '128'),
  long: paced(64, '--num-prompts', '512', '--server-args=--jitter=0.3', '--input-len', '100000'),
  scale: {
    ...max(16_384, '--num-prompts', '163840', '--output-len', '64', '--timeout', '1200'),
    script: 'load-process.js',
    clients: ['sweepline'],
  },
});

/** @typedef {keyof typeof CELLS} CellName */
