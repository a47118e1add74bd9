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
  /** Repeats of a cell. */
  repeatsOf(cell: string): number;
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
  const cells = byCell(repeats);
  const { degrees, prior, likelihoods } = mostProbable(cells);
  const scalesOf = new Map<string, readonly Scale[]>();
  for (const [cell, likelihood] of likelihoods)
    scalesOf.set(cell, toScales(prior.map((p, i) => p + likelihood[i]!)));
  const usual = toScales(prior);
  return {
    noiseOf: (cell, runs = [1, 1]) => new Noise(scalesOf.get(cell) ?? usual, degrees, runs),
    repeats: repeats.length,
    cells: cells.size,
    repeatsOf: (cell) => cells.get(cell)?.length ?? 0,
  };
}

function byCell(repeats: readonly Repeat[]): ReadonlyMap<string, readonly number[]> {
  const cells = new Map<string, number[]>();
  for (const { cell, difference } of repeats) {
    const known = cells.get(cell);
    if (known === undefined) cells.set(cell, [difference]);
    else known.push(difference);
  }
  return new Map([...cells].map(([cell, all]) => [cell, all.slice(-MOST_REPEATS)]));
}

interface Shared {
  readonly degrees: number;
  /** ln of the probability of each scale in a cell that has no repeats. */
  readonly prior: readonly number[];
  /** Of each cell: ln of the probability of its repeats, for each scale. */
  readonly likelihoods: ReadonlyMap<string, readonly number[]>;
}

function mostProbable(cells: ReadonlyMap<string, readonly number[]>): Shared {
  const priors = CENTRES.flatMap((centre) =>
    SPREADS.map((spread) => ({
      prior: normalized(SCALES.map((scale) => normal(scale, centre, spread))),
      weight: normal(centre, Math.log(0.01), 1) + normal(Math.log(spread), Math.log(0.6), 0.5),
    })),
  );
  let best: (Shared & { readonly probability: number }) | undefined;
  for (const degrees of DEGREES) {
    const likelihoods = new Map(
      [...cells].map(([cell, differences]) => [cell, likelihoodOf(differences, degrees)]),
    );
    const weightOfDegrees = normal(Math.log(degrees), Math.log(3), 0.7);
    for (const { prior, weight } of priors) {
      let probability = weight + weightOfDegrees;
      for (const likelihood of likelihoods.values())
        probability += logSum(prior.map((p, i) => p + likelihood[i]!));
      if (best === undefined || probability > best.probability)
        best = { degrees, prior, likelihoods, probability };
    }
  }
  return best!;
}

function likelihoodOf(differences: readonly number[], degrees: number): readonly number[] {
  return SCALES.map((logScale) => {
    const scale = Math.exp(logScale);
    return differences.reduce(
      (sum, difference) => sum + logDensity(difference / scale, degrees) - logScale,
      0,
    );
  });
}

/** Scales with less do not change a quantile that is asked for. */
const LEAST_WEIGHT = 1e-9;

function toScales(logWeights: readonly number[]): readonly Scale[] {
  return normalized(logWeights)
    .map((weight, i) => ({ scale: Math.exp(SCALES[i]!), weight: Math.exp(weight) }))
    .filter(({ weight }) => weight > LEAST_WEIGHT);
}

/** ln of a normal density, up to a constant. */
function normal(x: number, mean: number, deviation: number): number {
  return -0.5 * ((x - mean) / deviation) ** 2;
}

function normalized(logWeights: readonly number[]): readonly number[] {
  const sum = logSum(logWeights);
  return logWeights.map((weight) => weight - sum);
}

/** ln of the sum of exponentials. */
function logSum(values: readonly number[]): number {
  const most = Math.max(...values);
  return most + Math.log(values.reduce((sum, value) => sum + Math.exp(value - most), 0));
}

function spaced(from: number, to: number, count: number): readonly number[] {
  return Array.from({ length: count }, (_, i) => from + ((to - from) * i) / (count - 1));
}
