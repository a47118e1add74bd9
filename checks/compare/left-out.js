// @ts-check
import { effectOf, judge, learn, powerOf } from '@sweepline/store/compare';

/**
 * @typedef {import('@sweepline/store/compare').PointRepeat} PointRepeat
 * @typedef {import('@sweepline/store/compare').ComparedMetric} ComparedMetric
 * @typedef {import('@sweepline/store/compare').Power} Power
 * @typedef {import('@sweepline/store/compare').Noise} Noise
 */

/**
 * @typedef {object} Judged
 * @property {PointRepeat} repeat
 * @property {string} runs The two runs, which were left out.
 * @property {Power | undefined} power
 * @property {Noise | undefined} noise
 * @property {string} verdict
 */

/** Of a repeat: the runs that it is from. @param {PointRepeat} repeat */
export function runsOf({ a, b }) {
  return `${a.run} ${b.run}`;
}

/** What is said of each repeat by noise that was learnt without its two runs. @param {readonly PointRepeat[]} repeats @param {ComparedMetric} metric @returns {Judged[]} */
export function judgedWithout(repeats, metric) {
  return [...new Set(repeats.map(runsOf))].flatMap((runs) => {
    const noise = learn(repeats.filter((repeat) => runsOf(repeat) !== runs));
    return repeats
      .filter((repeat) => runsOf(repeat) === runs)
      .map((repeat) => {
        const model = (repeat.isStalled ? noise.stalledPoints : noise.points)?.noiseOf(repeat.cell);
        const { verdict } = judge(repeat.difference, metric, model);
        return {
          ...{ repeat, runs, noise: model },
          power: model && powerOf(model, effectOf(metric)),
          verdict: repeat.isStalled ? 'unsure' : verdict,
        };
      });
  });
}
