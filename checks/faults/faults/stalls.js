// @ts-check
import { stalled, where, withTimes } from '../answer.js';

/**
 * Pauses of a server.
 * @typedef {import('../run-fault.js').Fault} Fault
 * @typedef {import('../answer.js').Change} Change
 */

/** @param {string} name @param {string} what @param {string} number @param {Change} answer @param {Fault['expect']} expect @param {Partial<Fault>} [more] @returns {Fault} */
const fault = (name, what, number, answer, expect, more) => ({
  ...{ name, where: 'server', what, number, answer, expect, slow: true },
  ...more,
});

const STALLED = /** @type {const} */ ({ mark: 'server-stall', severity: 'invalid' });

/** 8 streams, 256 requests of 95 ms: 3 s; a stall of 2.5 s is a significant share. */
const LONGER = { load: { numPrompts: 256 } };
/** More than half a minute of tokens, of which 2.2 s are below 5 %. */
const LONG = { load: { numPrompts: 120, outputLen: 600 } };

/** @param {number} ms @returns {Change} */
const lateAtFirst = (ms) =>
  where(
    ({ index }) => index >= 0 && index < 8,
    withTimes(({ atMs }) => atMs + ms),
  );

/** @type {readonly Fault[]} */
export const STALLS = [
  fault(
    'stall-early',
    'all streams are silent for 2.5 s, 0.1 s after the start',
    'output_throughput',
    stalled(100, 2500),
    STALLED,
    LONGER,
  ),
  fault(
    'stall-middle',
    'all streams are silent for 2.5 s in the middle',
    'output_throughput',
    stalled(1500, 2500),
    STALLED,
    LONGER,
  ),
  fault(
    'stall-long',
    'all streams are silent for 6 s in the middle',
    'output_throughput',
    stalled(1500, 6000),
    STALLED,
    LONGER,
  ),
  fault(
    'stall-first-tokens',
    'silence of 2.5 s just when the first tokens are due',
    'mean_ttft_ms',
    stalled(10, 2500),
    STALLED,
    LONGER,
  ),
  fault(
    'stall-small-share',
    'silence of 2.2 s in 47 s',
    'p99.9_itl_ms',
    stalled(20_000, 2200),
    { mark: 'server-stall', severity: 'note' },
    LONG,
  ),
  fault(
    'stall-short',
    'all streams are silent for 0.5 s, once',
    'p99.9_itl_ms',
    stalled(1500, 500),
    { unseen: 'below 2 s: schedulers and garbage collectors of engines pause for this long; p99.9 shows it' },
    LONGER,
  ),
  fault(
    'one-stream-stuck',
    'one stream of eight is silent for 3 s after 4 tokens',
    'p99.9_e2el_ms',
    where(
      ({ index }) => index === 40,
      withTimes(({ atMs }, i) => (i < 4 ? atMs : atMs + 3000)),
    ),
    { unseen: 'the rest of the server continued: p99.9 shows it' },
    { load: { numPrompts: 512 } },
  ),
  fault(
    'slow-start',
    'the first 8 requests take 3 s longer to their first token, as kernels are compiled',
    'mean_ttft_ms',
    lateAtFirst(3000),
    STALLED,
    LONGER,
  ),
  fault(
    'slow-start-short',
    'the same with 1.5 s',
    'mean_ttft_ms',
    lateAtFirst(1500),
    { unseen: 'below 2 s; warm-ups with the measured lengths avoid it' },
    LONGER,
  ),
];
