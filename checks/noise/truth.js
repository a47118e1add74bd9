// @ts-check
/** Latencies according to the client, and according to the server's log. */
import { percentile } from '@sweepline/core';

/** @typedef {import('@sweepline/core').RunRecord} RunRecord */
/** @typedef {Record<string, number>} Figures */

/** Ms up to which differences are ignored: nobody bases a decision on them. */
export const FLOOR_MS = { mean: 1, median: 1, p90: 2, p99: 5 };
/** Relative error from which a statistic counts as wrong. */
export const WRONG = 0.05;

/** @typedef {{ ttft: Float64Array, tpot: Float64Array, itl: Float64Array }} Samples */
/** @typedef {{ from: number, times: ArrayLike<number> }} Answer When it was requested, and when its chunks arrived, in ms. */

/**
 * The client's latencies, and those that it would report if it had read each chunk when the server wrote it. A request that the server
 * reads late is not the client's error. Both use the machine's clock; the least delay of all chunks counts as zero.
 * @param {RunRecord} run @param {readonly (import('@sweepline/core/testing').GoldenRequest | undefined)[]} atServer By index.
 * @returns {{ seen: Samples, sent: Samples }}
 */
export function bothSides({ requests }, atServer) {
  const pairs = requests.flatMap(({ index, sentMs, chunkMs }) => {
    const writes = atServer[index]?.writes;
    return sentMs === undefined || writes === undefined || writes.sentMs.length !== chunkMs.length
      ? []
      : [{ sentMs, chunkMs, writtenMs: writes.sentMs }];
  });
  const offset = pairs.reduce(
    (least, { chunkMs, writtenMs }) =>
      writtenMs.reduce((all, ms, i) => Math.min(all, (chunkMs[i] ?? NaN) - ms), least),
    Infinity,
  );
  return {
    seen: samplesOf(pairs.map(({ sentMs, chunkMs }) => ({ from: sentMs, times: chunkMs }))),
    sent: samplesOf(pairs.map(({ sentMs, writtenMs }) => ({ from: sentMs - offset, times: writtenMs }))),
  };
}

/** @param {readonly Answer[]} answers @returns {Samples} */
function samplesOf(answers) {
  const at = (/** @type {ArrayLike<number>} */ times, /** @type {number} */ i) => times[i] ?? NaN;
  return {
    ttft: Float64Array.from(answers, ({ from, times }) => at(times, 0) - from),
    tpot: Float64Array.from(
      answers,
      ({ times }) => (at(times, times.length - 1) - at(times, 0)) / (times.length - 1),
    ),
    itl: Float64Array.from(
      answers.flatMap(({ times }) =>
        Array.from({ length: times.length - 1 }, (_, i) => at(times, i + 1) - at(times, i)),
      ),
    ),
  };
}

/** Every statistic by name, such as `p99 ttft`. @param {Samples} samples @returns {Figures} */
export function figures(samples) {
  return Object.fromEntries(
    Object.entries(samples).flatMap(([name, values]) => [
      [`mean ${name}`, values.reduce((sum, value) => sum + value, 0) / values.length],
      ...[50, 90, 99].map((p) => [`${p === 50 ? 'median' : `p${p}`} ${name}`, percentile(values, p) ?? NaN]),
    ]),
  );
}

/**
 * The relative error of each statistic; 0 below the floor.
 * @param {Figures} ours @param {Figures} true_ @returns {Figures}
 */
export function errors(ours, true_) {
  return Object.fromEntries(
    Object.entries(ours).map(([name, value]) => {
      const truth = true_[name] ?? NaN;
      const floor = FLOOR_MS[/** @type {keyof typeof FLOOR_MS} */ (name.split(' ')[0])];
      const error = Math.abs(value - truth);
      return [name, error <= floor ? 0 : error / truth];
    }),
  );
}
