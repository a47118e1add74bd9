// @ts-check
import { WRONG } from './truth.js';

/**
 * @typedef {object} Outcome
 * @property {string} neighbour
 * @property {number} streams
 * @property {import('./truth.js').Figures} ours
 * @property {import('./truth.js').Figures} truth
 * @property {import('./truth.js').Figures} errors
 * @property {number} windowMs
 * @property {import('@sweepline/core').ClientHealth} client
 * @property {readonly string[]} marks
 */

/** Statistics on which a reader of results bases decisions. */
const DECISIVE = /^(mean|median|p90|p99) (ttft|tpot)$|^(mean|median) itl$/;

/** @param {Outcome} outcome @returns {[string, number]} */
export function worst({ errors }) {
  return Object.entries(errors)
    .filter(([name]) => DECISIVE.test(name))
    .reduce((most, one) => (one[1] > most[1] ? one : most), /** @type {[string, number]} */ (['none', 0]));
}

/** @param {Outcome} outcome */
export function isWrong(outcome) {
  return worst(outcome)[1] > WRONG;
}

/** Judged by marks of the client: CPU time that others take from the server is not the client's error. @param {Outcome} outcome */
export function isInvalid({ marks }) {
  return marks.some((mark) => /^invalid (slow-client|client-)/.test(mark));
}

/** @param {Outcome} outcome */
export function describe(outcome) {
  const { neighbour, streams, client, marks } = outcome;
  const [name, error] = worst(outcome);
  const worker = client.workers?.[0];
  const late = worker?.timers ? worker.timers.late / worker.timers.ticks : NaN;
  return [
    neighbour.padEnd(26),
    `${streams} streams`.padEnd(12),
    `${(100 * error).toFixed(1).padStart(6)} % ${name}`.padEnd(24),
    `late ${(100 * late).toFixed(1)} %`.padEnd(12),
    `lag p99 ${worker?.eventLoopLagMs?.p99.toFixed(0)} max ${worker?.eventLoopLagMs?.max.toFixed(0)}`.padEnd(
      20,
    ),
    marks.join(', '),
  ].join(' ');
}

/** Table of invalid and wrong results. @param {readonly Outcome[]} outcomes */
export function table(outcomes) {
  const count = (/** @type {boolean} */ wrong, /** @type {boolean} */ invalid) =>
    String(outcomes.filter((one) => isWrong(one) === wrong && isInvalid(one) === invalid).length).padStart(8);
  return [
    '',
    '             valid  invalid',
    `right     ${count(false, false)} ${count(false, true)}`,
    `wrong     ${count(true, false)} ${count(true, true)}`,
  ].join('\n');
}
