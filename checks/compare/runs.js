// @ts-check
import { compareSides } from '@sweepline/store/compare';
import { percent } from './points.js';

/**
 * @typedef {import('@sweepline/store/compare').Measurement} Measurement
 * @typedef {import('@sweepline/store/compare').PointRepeat} PointRepeat
 * @typedef {import('@sweepline/store/compare').ComparedMetric} ComparedMetric
 */

/** A planted change of one whole curve. */
const PLANTED = 0.1;

/**
 * Compares each run with each other one that measured the same, and has a third one confirm it.
 * @param {readonly Measurement[]} measurements @param {readonly PointRepeat[]} repeats @param {ComparedMetric} metric
 */
export async function runReport(measurements, repeats, metric) {
  const counts = {
    pairs: 0,
    red: 0,
    undecided: 0,
    triples: 0,
    redTwice: 0,
    curves: 0,
    found: 0,
    judged: 0,
    foundJudged: 0,
  };
  for (const [a, b, again] of triplesOf(repeats)) {
    const sides = { a: side(measurements, a), b: side(measurements, b) };
    if (again === undefined) {
      const { verdict } = await compareSides(sides, [metric], measurements);
      counts.pairs += 1;
      if (verdict === 'worse') counts.red += 1;
      if (verdict === 'unsure') counts.undecided += 1;
      continue;
    }
    const confirmedBy = side(measurements, again);
    const before = await compareSides({ ...sides, confirmedBy }, [metric], measurements);
    counts.triples += 1;
    if (before.verdict === 'worse') counts.redTwice += 1;
    for (const { curve, verdict } of before.curves.filter((one) => hasCurve(confirmedBy, one.curve))) {
      const slower = slowed(measurements, new Set([b, again]), curve, metric);
      const after = await compareSides(
        { a: side(slower, a), b: side(slower, b), confirmedBy: side(slower, again) },
        [metric],
        slower,
      );
      counts.curves += 1;
      const isFound = after.curves.some((one) => one.curve === curve && one.verdict === 'worse');
      if (isFound) counts.found += 1;
      if (verdict !== 'unsure') {
        counts.judged += 1;
        if (isFound) counts.foundJudged += 1;
      }
    }
  }
  const { pairs, red, undecided, triples, redTwice, curves, found, judged, foundJudged } = counts;
  return [
    '',
    `runs without a change: ${red} of ${pairs} called worse by one run, ${undecided} undecided; with a third run that confirms: ${redTwice} of ${triples}`,
    `−${100 * PLANTED} % on one whole curve, confirmed by a third run: found in ${found} of ${curves} (${percent(found / curves)}), of those of which something can be said ${foundJudged} of ${judged}`,
  ].join('\n');
}

/** Runs that have points in common: pairs in both orders, and threes. @param {readonly PointRepeat[]} repeats @returns {[string, string, string | undefined][]} */
function triplesOf(repeats) {
  /** @type {Map<string, Set<string>>} */
  const runsOf = new Map();
  for (const { a, b } of repeats)
    for (const { run } of [a, b]) {
      const key = `${a.curve} ${a.software}`;
      const runs = runsOf.get(key) ?? new Set();
      runsOf.set(key, runs.add(run));
    }
  const found = new Map();
  for (const runs of runsOf.values())
    for (const a of runs)
      for (const b of runs) {
        if (a === b) continue;
        found.set(`${a} ${b}`, [a, b, undefined]);
        for (const again of runs)
          if (again !== a && again !== b) found.set(`${a} ${b} ${again}`, [a, b, again]);
      }
  return [...found.values()];
}

/** @param {readonly Measurement[]} measurements @param {string} run */
function side(measurements, run) {
  return { name: run, measurements: measurements.filter((one) => one.run === run) };
}

/** Whether something can be confirmed. @param {ReturnType<typeof side>} run @param {string} curve */
function hasCurve(run, curve) {
  return run.measurements.some(
    (one) => one.curveName === curve && one.isValid && !one.marks.includes('stall'),
  );
}

/** The same, but that runs are slower on a curve. @param {readonly Measurement[]} measurements @param {ReadonlySet<string>} runs @param {string} curve @param {ComparedMetric} metric */
function slowed(measurements, runs, curve, { key, better }) {
  const factor = better === 'higher' ? 1 - PLANTED : 1 + PLANTED;
  return measurements.map((one) =>
    runs.has(one.run) && one.curveName === curve
      ? { ...one, metrics: { ...one.metrics, [key]: (one.metrics[key] ?? NaN) * factor } }
      : one,
  );
}
