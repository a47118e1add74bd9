import { cumulative, incompleteBeta, logDensity } from './student-t.js';

/** A scale that the noise may have, and the probability of it. */
export interface Scale {
  readonly scale: number;
  readonly weight: number;
}

/**
 * The distribution of ln(b/a), where a and b are medians over runs and nothing has changed: Student's t, whose scale is known as far as
 * repeats show it. It is symmetric.
 */
export class Noise {
  readonly #scales: readonly Scale[];
  readonly #degrees: number;
  readonly #quantiles = new Map<number, number>();

  /**
   * @param scales of one run against one
   * @param degrees of freedom: how heavy the tails are
   * @param runs on either side
   */
  constructor(scales: readonly Scale[], degrees: number, runs: readonly [number, number]) {
    const ratio = scaleOfMedians(runs, degrees);
    this.#scales = scales.map(({ scale, weight }) => ({ scale: scale * ratio, weight }));
    this.#degrees = degrees;
  }

  density(x: number): number {
    return this.#mixed((scale) => Math.exp(logDensity(x / scale, this.#degrees)) / scale);
  }

  /** Probability of a value up to x. */
  cumulative(x: number): number {
    return this.#mixed((scale) => cumulative(x / scale, this.#degrees));
  }

  /** @param p above 0.5 and below 1 */
  quantile(p: number): number {
    const known = this.#quantiles.get(p);
    if (known !== undefined) return known;
    let high = 1e-4;
    while (this.cumulative(high) < p) high *= 2;
    const found = bisected(0, high, (x) => this.cumulative(x) >= p);
    this.#quantiles.set(p, found);
    return found;
  }

  #mixed(of: (scale: number) => number): number {
    let sum = 0;
    for (const { scale, weight } of this.#scales) sum += weight * of(scale);
    return sum;
  }
}

const HALVINGS = 40;

/** The least x between two from which on something is true. */
export function bisected(low: number, high: number, isTrue: (x: number) => boolean): number {
  for (let i = 0; i < HALVINGS; i++) {
    const middle = (low + high) / 2;
    if (isTrue(middle)) high = middle;
    else low = middle;
  }
  return high;
}

/** Scale of the difference of two medians over runs, where that of one run against one is 1. */
function scaleOfMedians([a, b]: readonly [number, number], degrees: number): number {
  return Math.sqrt((spreadOfMedian(a, degrees) ** 2 + spreadOfMedian(b, degrees) ** 2) / 2);
}

const UPPER = 0.975;

/**
 * The 97.5 % quantile of the median of n values over that of one value. For odd n the median is below x with the probability that a value
 * of Beta((n + 1)/2, (n + 1)/2) is below F(x) (order statistics; David and Nagaraja, 2.1). An even n counts as one less: with tails as
 * heavy as these the mean of the two in the middle is hardly better.
 */
export function spreadOfMedian(n: number, degrees: number): number {
  const half = Math.ceil(n / 2);
  if (half <= 1) return 1;
  const quantileOf = (probability: (x: number) => number): number => {
    let high = 1;
    while (probability(high) < UPPER) high *= 2;
    return bisected(0, high, (x) => probability(x) >= UPPER);
  };
  const one = (x: number): number => cumulative(x, degrees);
  return quantileOf((x) => incompleteBeta(half, half, one(x))) / quantileOf(one);
}
