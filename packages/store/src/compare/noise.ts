import { cumulative, incompleteBeta, logDensity } from './student-t.js';

/** A scale that the noise of one run against one on another node may have, and the probability of it. */
export interface Scale {
  readonly scale: number;
  readonly weight: number;
  /** The part of its square that two runs on the same node don't have. Default: 0. */
  readonly nodeShare?: number;
}

/** What two sides have been measured by. */
export interface Sides {
  readonly runs: readonly [a: number, b: number];
  /** Default: each run has a node of its own. */
  readonly nodes?: readonly [a: number, b: number];
  /** Whether all runs of both sides were on the same node. */
  readonly isSameNode?: boolean;
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
   */
  constructor(scales: readonly Scale[], degrees: number, sides: Sides) {
    const ratio = ratioOf(sides, degrees);
    this.#scales = scales.map(({ scale, weight, nodeShare = 0 }) => ({
      scale: scale * ratio(nodeShare),
      weight,
    }));
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

/**
 * Scale of the difference of two medians, where that of one run against one on another node is 1. What differs between nodes is as many
 * values as there are nodes, and none between runs on the same node; all else is as many values as there are runs.
 */
function ratioOf({ runs, nodes = runs, isSameNode = false }: Sides, degrees: number) {
  const ofRuns = squareOfMedians(runs, degrees);
  const ofNodes = isSameNode ? 0 : squareOfMedians(nodes, degrees);
  return (nodeShare: number): number => Math.sqrt(nodeShare * ofNodes + (1 - nodeShare) * ofRuns);
}

function squareOfMedians([a, b]: readonly [number, number], degrees: number): number {
  return (spreadOfMedian(a, degrees) ** 2 + spreadOfMedian(b, degrees) ** 2) / 2;
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
