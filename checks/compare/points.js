// @ts-check
import { median, percentile } from '@sweepline/core';

/** @typedef {import('./left-out.js').Judged} Judged */
/** @typedef {import('@sweepline/store/compare').ComparedMetric} ComparedMetric */

/** Planted changes, as shares. */
const PLANTED = [0.05, 0.1, 0.2];
const RESAMPLES = 4000;

/** @param {readonly Judged[]} judged @param {ComparedMetric} metric */
export function pointReport(judged, metric) {
  const known = judged.filter(({ power }) => power !== undefined);
  const [low, high] = bootstrapped(known);
  const widths = known.map(({ power }) => 100 * (power?.halfWidth ?? NaN));
  const detectable = known.map(({ power }) => 100 * (power?.detectable ?? NaN));
  const unsure = judged.filter(({ verdict }) => verdict === 'unsure').length;
  return [
    `${judged.length} repeats, ${new Set(judged.map(({ runs }) => runs)).size} pairs of runs, ${judged.filter(({ repeat }) => repeat.isStalled).length} with a stall`,
    `95 % prediction intervals hold ${percent(coverage(known))} of left-out repeats (95 % cluster bootstrap by pair of runs: ${percent(low)} to ${percent(high)})`,
    `half width of the intervals: median ±${median(widths)?.toFixed(1)} %, 90 % below ±${percentile(widths, 90)?.toFixed(1)} %`,
    `minimal detectable effect (of ${metric.effect * 100} %, power 80 %): median ${median(detectable)?.toFixed(1)} %, 90 % below ${percentile(detectable, 90)?.toFixed(1)} %`,
    `can't say: ${percent(unsure / judged.length)}`,
    '',
    ...powerLines(judged, metric),
  ].join('\n');
}

/** @param {readonly Judged[]} judged */
function coverage(judged) {
  return share(judged, ({ repeat, power }) => Math.abs(repeat.difference) <= (power?.halfWidth ?? 0));
}

/** @param {readonly Judged[]} judged @returns {[number, number]} */
function bootstrapped(judged) {
  const clusters = [...new Set(judged.map(({ runs }) => runs))].map((runs) =>
    judged.filter((one) => one.runs === runs),
  );
  const random = generator(1);
  const values = Array.from({ length: RESAMPLES }, () =>
    coverage(clusters.flatMap(() => clusters[Math.floor(random() * clusters.length)] ?? [])),
  );
  return [percentile(values, 2.5) ?? NaN, percentile(values, 97.5) ?? NaN];
}

/** Park and Miller's generator. @param {number} seed */
function generator(seed) {
  let state = seed;
  return () => (state = (state * 48271) % 2147483647) / 2147483647;
}

/** Compares with constants: that of the same share of false alarms decides. @param {readonly Judged[]} judged @param {ComparedMetric} metric */
function powerLines(judged, metric) {
  const sign = metric.better === 'higher' ? -1 : 1;
  /** @param {number} effect */
  const planted = (effect) => sign * Math.abs(Math.log1p(sign * effect));
  /** @param {Judged} one @param {number} shift */
  const isFound = ({ repeat, power }, shift) =>
    !repeat.isStalled && power !== undefined && sign * (repeat.difference + shift) >= power.threshold;
  const falseAlarms = share(
    judged,
    (one) =>
      isFound(one, 0) ||
      isFound({ ...one, repeat: { ...one.repeat, difference: -one.repeat.difference } }, 0),
  );
  const stated = PLANTED.map((effect) =>
    mean(
      judged.map(({ repeat, power, noise }) =>
        repeat.isStalled || power === undefined || noise === undefined
          ? 0
          : noise.cumulative(Math.abs(planted(effect)) - power.threshold),
      ),
    ),
  );
  const found = PLANTED.map((effect) => share(judged, (one) => isFound(one, planted(effect))));
  const best = constant(judged, falseAlarms, (limit) =>
    PLANTED.map((effect) =>
      share(
        judged,
        ({ repeat }) => !repeat.isStalled && sign * (repeat.difference + planted(effect)) >= limit,
      ),
    ),
  );
  const header = `                         false alarms  ${PLANTED.map((effect) => `${sign < 0 ? '−' : '+'}${100 * effect} %`.padStart(8)).join('')}`;
  /** @param {string} name @param {number} alarms @param {readonly number[]} shares */
  const line = (name, alarms, shares) =>
    `${name.padEnd(25)}${percent(alarms).padStart(12)}  ${shares.map((value) => percent(value).padStart(8)).join('')}`;
  return [
    'found of planted changes, of all points:',
    header,
    line(
      'stated',
      mean(judged.map(({ repeat, power }) => (repeat.isStalled ? 0 : (power?.falseAlarms ?? 0)))),
      stated,
    ),
    line('compare', falseAlarms, found),
    line(`constant of ±${(100 * Math.expm1(best.limit)).toFixed(1)} %`, best.falseAlarms, best.found),
  ];
}

/** The least constant that has no more false alarms, without points that have stalled. @param {readonly Judged[]} judged @param {number} most @param {(limit: number) => number[]} found */
function constant(judged, most, found) {
  const alarms = (/** @type {number} */ limit) =>
    share(judged, ({ repeat }) => !repeat.isStalled && Math.abs(repeat.difference) >= limit);
  const limits = Array.from({ length: 1000 }, (_, i) => (i + 1) / 1000);
  const limit = limits.find((value) => alarms(value) <= most) ?? 1;
  return { limit, falseAlarms: alarms(limit), found: found(limit) };
}

/** @template T @param {readonly T[]} values @param {(value: T) => boolean} isTrue */
export function share(values, isTrue) {
  return values.filter(isTrue).length / values.length;
}

/** @param {readonly number[]} values */
function mean(values) {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** @param {number} value */
export function percent(value) {
  return `${(100 * value).toFixed(1)} %`;
}
