// @ts-check
/**
 * What can be wrong with readings, and the reasons that energy is then invalid for.
 *
 * @typedef {object} Fault
 * @property {string} title
 * @property {string} file the fault's name for the programs
 * @property {string} [says] what its file says
 * @property {number} [fromMs] after the load began; planted before the sweep without it
 * @property {number} [forMs] until it ends; it stays without it
 * @property {readonly string[]} reasons all codes that are given
 * @property {RegExp} names what a reason says
 * @property {boolean} [onNodes] it takes a client on another machine than Sweepline's
 */

/** A load has begun by then, and goes on for longer than a fault. */
const UNDER_LOAD_MS = 4000;

/** @type {readonly Fault[]} */
export const FAULTS = [
  {
    ...{ title: 'no readings for five seconds', file: 'gap', fromMs: UNDER_LOAD_MS, forMs: 5000 },
    ...{ reasons: ['sampling_gap_exceeded'], names: /has \d\.\d s without a reading/ },
  },
  {
    ...{ title: 'a GPU that disappears', file: 'gone', says: '1', fromMs: UNDER_LOAD_MS },
    ...{ reasons: ['benchmark_window_not_bracketed'], names: /^readings of device 1 of \S+ don't reach/ },
  },
  {
    ...{ title: 'a GPU that is missing', file: 'gone', says: '1' },
    ...{ reasons: ['expected_gpu_count_mismatch'], names: /^device 1 of \S+ has no readings/ },
  },
  {
    ...{ title: 'a reading without power', file: 'no-power', says: '1', fromMs: UNDER_LOAD_MS },
    ...{ reasons: ['invalid_power_sample'], names: /^device 1 of \S+ gave no power/ },
  },
  {
    ...{ title: 'a counter that counts a tenth more', file: 'counter', says: '110' },
    ...{ reasons: ['energy_counter_mismatch'], names: /^device 0 of \S+: its driver counted/ },
  },
  {
    ...{ title: 'a clock of the client that is set', file: 'clock', onNodes: true },
    ...{
      reasons: ['clock_skew'],
      names: /^the clock of n\d is (1\.[5-9]|2\.[0-5]) s ahead of that of the readings/,
    },
  },
];
