import { grouped } from '../grouped.js';
import { Noise, type Scale } from './noise.js';
import { logDensity } from './student-t.js';

/** Two measurements of the same, in different runs. */
export interface Repeat {
  /** What has noise of its own: hardware and framework. */
  readonly cell: string;
  /** ln(later / earlier). */
  readonly difference: number;
}

export interface NoiseModel {
  /** Noise of a cell; where it has no repeats, what others let expect. @param runs on either side */
  noiseOf(cell: string, runs?: readonly [number, number]): Noise;
  readonly repeats: number;
  readonly cells: number;
  /** What it is made of, as plain data: `noiseModelOf` makes the same model of it. */
  readonly learnt: LearntNoise;
}

/** What was learnt from repeats. */
export interface LearntNoise {
  /** Degrees of freedom. */
  readonly degrees: number;
  /** Scales of ln(b/a) of one run against one, in a cell that has no repeats. */
  readonly usual: readonly Scale[];
  readonly cells: Readonly<Record<string, readonly Scale[]>>;
  readonly repeats: number;
}

/** Fewer say nothing about how different cells are. */
export const FEWEST_REPEATS = 8;
/** Of a cell: the newest, so that the model takes a second at most whatever the index holds. */
const MOST_REPEATS = 500;

/** Scales that noise may have, as ln: 0.03 % to 100 %. */
const SCALES = spaced(Math.log(0.0003), 0, 61);
const CENTRES = spaced(Math.log(0.001), Math.log(0.2), 21);
const SPREADS = [0.15, 0.25, 0.4, 0.6, 0.8, 1.1, 1.5] as const;
const DEGREES = [1, 1.5, 2, 2.5, 3, 4, 5, 8, 15, 30] as const;

/**
 * Learns noise from repeats: ln(b/a) in a cell is Student's t, whose scale differs from cell to cell and is drawn from a log-normal
 * distribution that all cells share, as are the degrees of freedom. Cells with few repeats are thereby close to what is usual, and say
 * with a wide interval that they are not known well. Shared parameters are the most probable ones (empirical Bayes, type II maximum a
 * posteriori: Gelman et al., Bayesian Data Analysis, 5), under weak priors: about 1 % noise within a factor of 2.7, scales within a
 * factor of 1.8, 3 degrees of freedom.
 * @param repeats the newest last
 * @returns undefined for fewer than FEWEST_REPEATS
 */
export function learnNoise(repeats: readonly Repeat[]): NoiseModel | undefined {
  if (repeats.length < FEWEST_REPEATS) return undefined;
  const cells = new Map(
    [...grouped(repeats, ({ cell }) => cell)].map(([cell, all]) => [
      cell,
      all.slice(-MOST_REPEATS).map(({ difference }) => difference),
    ]),
  );
  const { degrees, prior, likelihoods } = mostProbable(cells);
  return noiseModelOf({
    degrees,
    usual: toScales(prior),
    cells: Object.fromEntries(
      [...likelihoods].map(([cell, { weights }]) => [cell, toScales(times(prior, weights))]),
    ),
    repeats: repeats.length,
  });
}

export function noiseModelOf(learnt: LearntNoise): NoiseModel {
  const { degrees, usual, repeats } = learnt;
  const scalesOf = new Map(Object.entries(learnt.cells));
  // Points of a cell share it, with the quantiles that it has found.
  const noises = new Map<string, Noise>();
  return {
    noiseOf(cell, runs = [1, 1]) {
      const key = JSON.stringify([cell, runs]);
      const known = noises.get(key);
      if (known !== undefined) return known;
      const noise = new Noise(scalesOf.get(cell) ?? usual, degrees, runs);
      noises.set(key, noise);
      return noise;
    },
    ...{ repeats, cells: scalesOf.size, learnt },
  };
}

interface Shared {
  readonly degrees: number;
  /** Probability of each scale in a cell that has no repeats. */
  readonly prior: readonly number[];
  readonly likelihoods: ReadonlyMap<string, Likelihood>;
}

/** Probability of a cell's repeats for each scale: `weights` times e^`logFactor`, the largest weight being 1. */
interface Likelihood {
  readonly weights: readonly number[];
  readonly logFactor: number;
}

function mostProbable(cells: ReadonlyMap<string, readonly number[]>): Shared {
  const priors = CENTRES.flatMap((centre) =>
    SPREADS.map((spread) => ({
      prior: normalized(SCALES.map((scale) => Math.exp(logNormal(scale, centre, spread)))),
      logWeight: logNormal(centre, Math.log(0.01), 1) + logNormal(Math.log(spread), Math.log(0.6), 0.5),
    })),
  );
  let best: (Shared & { readonly logProbability: number }) | undefined;
  for (const degrees of DEGREES) {
    const likelihoods = new Map(
      [...cells].map(([cell, differences]) => [cell, likelihoodOf(differences, degrees)]),
    );
    const logWeightOfDegrees = logNormal(Math.log(degrees), Math.log(3), 0.7);
    for (const { prior, logWeight } of priors) {
      let logProbability = logWeight + logWeightOfDegrees;
      for (const { weights, logFactor } of likelihoods.values())
        logProbability += logFactor + Math.log(sum(times(prior, weights)));
      if (best === undefined || logProbability > best.logProbability)
        best = { degrees, prior, likelihoods, logProbability };
    }
  }
  return best!;
}

function likelihoodOf(differences: readonly number[], degrees: number): Likelihood {
  const logs = SCALES.map((logScale) => {
    const scale = Math.exp(logScale);
    return differences.reduce(
      (all, difference) => all + logDensity(difference / scale, degrees) - logScale,
      0,
    );
  });
  const logFactor = Math.max(...logs);
  return { weights: logs.map((log) => Math.exp(log - logFactor)), logFactor };
}

/** Scales with less do not change a quantile that is asked for. */
const LEAST_WEIGHT = 1e-9;

function toScales(weights: readonly number[]): readonly Scale[] {
  return normalized(weights)
    .map((weight, i) => ({ scale: Math.exp(SCALES[i]!), weight }))
    .filter(({ weight }) => weight > LEAST_WEIGHT);
}

/** ln of a normal density, up to a constant that depends on the deviation alone. */
function logNormal(x: number, mean: number, deviation: number): number {
  return -0.5 * ((x - mean) / deviation) ** 2;
}

function normalized(weights: readonly number[]): readonly number[] {
  const all = sum(weights);
  return weights.map((weight) => weight / all);
}

function times(a: readonly number[], b: readonly number[]): readonly number[] {
  return a.map((value, i) => value * b[i]!);
}

function sum(values: readonly number[]): number {
  return values.reduce((all, value) => all + value, 0);
}

function spaced(from: number, to: number, count: number): readonly number[] {
  return Array.from({ length: count }, (_, i) => from + ((to - from) * i) / (count - 1));
}
