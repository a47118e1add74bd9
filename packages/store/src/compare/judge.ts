import type { ComparedMetric } from './compared-metrics.js';
import { bisected, type Noise } from './noise.js';

/** `unsure`: nothing can be said. */
export type Verdict = 'better' | 'worse' | 'same' | 'unsure';

/** What can be said of a difference before it is known. Differences and effects are ln(b/a). */
export interface Power {
  /** Half of the 95 % prediction interval. */
  readonly halfWidth: number;
  /** Differences beyond it count as changes. */
  readonly threshold: number;
  /** Probability that a difference is beyond it although nothing has changed, on either side. */
  readonly falseAlarms: number;
  /** The least change that is beyond the threshold in 80 of 100 cases: the minimal detectable effect. */
  readonly detectable: number;
}

/** A difference counts as a change where it is so many times as probable after a change of the effect that matters as without one. */
const ODDS = 5;
export const POWER = 0.8;

/** Of noises that many points share, by effect. */
const powers = new WeakMap<Noise, Map<number, Power>>();

/** @param effect the change that matters, as ln */
export function powerOf(noise: Noise, effect: number): Power {
  const known = powers.get(noise) ?? new Map<number, Power>();
  powers.set(noise, known);
  const power = known.get(effect) ?? computedPower(noise, effect);
  known.set(effect, power);
  return power;
}

function computedPower(noise: Noise, effect: number): Power {
  const threshold = thresholdOf(noise, effect);
  return {
    halfWidth: noise.quantile(0.975),
    threshold,
    falseAlarms: 2 * (1 - noise.cumulative(threshold)),
    detectable: threshold + noise.quantile(POWER),
  };
}

/**
 * For a given share of false alarms over all points, the rule that finds most changes is a limit to the ratio of the two densities (Neyman
 * and Pearson). With tails as heavy as these, it is nearly the same difference wherever noise is small against the effect. Where noise
 * is not, no difference below the effect has such a ratio; one that is beyond both the effect and the noise counts.
 */
function thresholdOf(noise: Noise, effect: number): number {
  const isBeyond = (x: number): boolean => noise.density(x - effect) >= ODDS * noise.density(x);
  if (!isBeyond(effect)) return Math.max(effect, noise.quantile(0.975));
  return bisected(effect / 2, effect, isBeyond);
}

/** What is concluded, and why where nothing can be. */
export interface Conclusion {
  readonly verdict: Verdict;
  readonly reason?: string;
}

/**
 * @param difference ln(b/a)
 * @param effect the change that matters, as ln
 */
export function conclude(
  difference: number,
  { threshold, detectable }: Power,
  { better, effect }: { readonly better: 'higher' | 'lower'; readonly effect: number },
): Conclusion {
  if (Math.abs(difference) < threshold) return unchanged(detectable, effect);
  return { verdict: difference > 0 === (better === 'higher') ? 'better' : 'worse' };
}

/** A change of so many times the effect has to be detectable, or `same` is not said. */
const SEEN = 2;

/** Of a difference that is within the noise. @param effect the change that matters, as ln */
export function unchanged(detectable: number, effect: number): Conclusion {
  return detectable <= SEEN * effect
    ? { verdict: 'same' }
    : { verdict: 'unsure', reason: 'repeats differ as much' };
}

/** How a metric of a point, or of a curve, differs. Shares: 0.05 is 5 %. */
export interface Judgement extends Conclusion {
  readonly metric: string;
  /** b/a − 1. */
  readonly change: number;
  /** What the noise leaves open: 95 % of repeats differ by as much from what is true. Missing where too few repeats are known. */
  readonly interval?: readonly [low: number, high: number];
  /** The least change for the worse that would have been found in 80 of 100 cases. */
  readonly detectable?: number;
  /** Probability of a verdict other than `same` although nothing has changed. */
  readonly falseAlarms?: number;
}

/** @param difference ln(b/a) */
export function judge(difference: number, metric: ComparedMetric, noise: Noise | undefined): Judgement {
  const change = Math.expm1(difference);
  if (noise === undefined)
    return { metric: metric.key, change, verdict: 'unsure', reason: 'too few repeats are known' };
  const effect = effectOf(metric);
  const power = powerOf(noise, effect);
  return {
    ...{ metric: metric.key, change, interval: intervalOf(difference, power) },
    ...{ detectable: worse(power.detectable, metric), falseAlarms: power.falseAlarms },
    ...conclude(difference, power, { better: metric.better, effect }),
  };
}

/** The effect for the worse, as ln without a sign. */
export function effectOf({ effect, better }: ComparedMetric): number {
  return better === 'higher' ? -Math.log1p(-effect) : Math.log1p(effect);
}

/** A change for the worse, as a share with its sign. */
export function worse(change: number, { better }: ComparedMetric): number {
  return Math.expm1(better === 'higher' ? -change : change);
}

function intervalOf(difference: number, { halfWidth }: Power): readonly [number, number] {
  return [Math.expm1(difference - halfWidth), Math.expm1(difference + halfWidth)];
}
