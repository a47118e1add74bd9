// @ts-check
/** The reported figures of the cells, and the project's targets. */

/**
 * One run of a client in a cell, as the harness reports it.
 * @typedef {Record<string, any>} Run
 *
 * @typedef {object} Row
 * @property {string} title
 * @property {import('./cells.js').CellName} cell
 * @property {import('./cells.js').CellName} [base] Values are percents above those of this cell's run of the same number.
 * @property {string} unit
 * @property {number} digits
 * @property {(run: Run) => number | undefined} value
 * @property {Target} target
 *
 * @typedef {object} Target
 * @property {string} text
 * @property {(ours: number, theirs: number | undefined, runs: readonly Run[]) => boolean | undefined} isMet Undefined if it needs the other
 * client.
 */

/** @param {number} most @param {string} unit @returns {Target} */
const within = (most, unit) => ({ text: `≤ ${most} ${unit}`, isMet: (ours) => Math.abs(ours) <= most });

/** @param {string} text @param {number} most @returns {Target} */
const ratioWithin = (text, most) => ({
  text: `≤ ${text} ×`,
  isMet: (ours, theirs) => (theirs === undefined ? undefined : ours <= most * theirs),
});

/** @param {Run} run @param {string} metric @param {string} statistic */
const errorOf = (run, metric, statistic) => run['err_ms']?.[metric]?.[statistic];

/** @param {256 | 1024 | 2048} streams @param {number} most @returns {Row} */
const ttftError = (streams, most) => ({
  title: `mean TTFT error, ${streams.toLocaleString('en')} streams`,
  cell: `paced-${streams}`,
  ...{ unit: 'ms', digits: 2 },
  value: (run) => errorOf(run, 'ttft', 'mean'),
  target: within(most, 'ms'),
});

/** @param {256 | 1024} streams @param {number} most @returns {Row} */
const itlError = (streams, most) => ({
  title: `p99 ITL error, ${streams.toLocaleString('en')} streams`,
  cell: `paced-${streams}`,
  ...{ unit: 'ms', digits: 2 },
  value: (run) => errorOf(run, 'itl', 'p99'),
  target: within(most, 'ms'),
});

/** A server this busy sets the rate, whichever client it serves. */
const SATURATED = 0.95;

/** @type {Target} */
const fiveTimes = {
  text: '≥ 5 ×, or the server saturated',
  isMet(ours, theirs, runs) {
    if (runs.filter((run) => run['util_server'] >= SATURATED).length > runs.length / 2) return true;
    return theirs === undefined ? undefined : ours >= 5 * theirs;
  },
};

const [STREAMS, REQUESTS, OUTPUT] = [16_384, 163_840, 64];

/** @param {Run} run Whether each request was completed exactly once and in full, according to both the client and the server. */
const isExact = (run) =>
  run['completed'] === REQUESTS &&
  run['client_tokens'] === REQUESTS * OUTPUT &&
  run['repeated'] === 0 &&
  run['server'].aborts === 0 &&
  // In addition, the client sends one request to find out how the server takes prompts.
  run['server'].done - REQUESTS <= 1;

/** @type {Record<string, Row>} */
export const ROWS = {
  prompts: {
    title: 'sum of the hashes of 256 prompts',
    cell: 'prompts',
    ...{ unit: '', digits: 0 },
    value: (run) => run['prompts'],
    target: {
      text: 'the same',
      isMet: (ours, theirs) => (theirs === undefined ? undefined : ours === theirs),
    },
  },
  'ttft-256': ttftError(256, 0.5),
  'ttft-1024': ttftError(1024, 1.5),
  'ttft-2048': ttftError(2048, 3),
  'itl-256': itlError(256, 0.7),
  'itl-1024': itlError(1024, 1.7),
  'cpu-8': {
    title: 'client CPU per token, 8 tokens per write, 512 streams',
    cell: 'max-8',
    ...{ unit: 'µs', digits: 2 },
    value: (run) => run['us_per_tok'],
    target: ratioWithin('1/6', 1 / 6),
  },
  'cpu-1': {
    title: 'client CPU per token, 1 token per write, 512 streams',
    cell: 'max-1',
    ...{ unit: 'µs', digits: 2 },
    value: (run) => run['us_per_tok'],
    target: ratioWithin('0.65', 0.65),
  },
  rate: {
    title: 'tokens/s on one client core, 8 per write, 512 streams',
    cell: 'max-8',
    ...{ unit: 'k/s', digits: 0 },
    value: (run) => (run['tok_s'] === undefined ? undefined : run['tok_s'] / 1000),
    target: fiveTimes,
  },
  memory: {
    title: 'resident memory, 2,048 streams, chunk records kept',
    cell: 'paced-2048',
    ...{ unit: 'MB', digits: 0 },
    value: (run) => run['maxrss_mb'],
    target: within(150, 'MB'),
  },
  start: {
    title: 'start to first request, 640 prompts × 8,192 tokens',
    cell: 'start',
    ...{ unit: 's', digits: 2 },
    // If there are other requests than the measured ones, the first at the server may have been one of those.
    value: (run) => (run['server'].posts === run['num_prompts'] ? run['t_first_post_s'] : undefined),
    target: ratioWithin('1/2', 1 / 2),
  },
  'long-rate': {
    title: 'tokens/s, 64 streams, prompts of 100,000 tokens against 128',
    ...{ cell: 'long', base: 'short', unit: '%', digits: 1 },
    value: (run) => run['tok_s'],
    target: within(5, '%'),
  },
  'long-ttft': {
    title: 'mean TTFT, 64 streams, prompts of 100,000 tokens against 128',
    ...{ cell: 'long', base: 'short', unit: '%', digits: 1 },
    value: (run) => run['measured']?.ttft?.mean,
    target: within(5, '%'),
  },
  scale: {
    title: `${STREAMS.toLocaleString('en')} streams, ${REQUESTS.toLocaleString('en')} requests, 128 in, ${OUTPUT} out: resident memory`,
    cell: 'scale',
    ...{ unit: 'MB', digits: 0 },
    value: (run) => run['maxrss_mb'],
    target: {
      text: '≤ 1,024 MB, all requests exact',
      isMet: (ours, _theirs, runs) => ours <= 1024 && runs.every(isExact),
    },
  },
  'scale-cpu': {
    title: 'the same: client CPU per token',
    cell: 'scale',
    ...{ unit: 'µs', digits: 2 },
    value: (run) => run['us_per_tok_total'],
    target: { text: 'stated', isMet: () => undefined },
  },
  'scale-rate': {
    title: 'the same: tokens/s',
    cell: 'scale',
    ...{ unit: 'k/s', digits: 0 },
    value: (run) => (run['tok_s'] === undefined ? undefined : run['tok_s'] / 1000),
    target: { text: 'stated', isMet: () => undefined },
  },
};
