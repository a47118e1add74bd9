import { grouped } from '../grouped.js';
import { Noise, type Scale, type Sides } from './noise.js';
import { logDensity } from './student-t.js';

/** Two measurements of the same, in different runs. */
export interface Repeat {
  /** What has noise of its own: hardware and framework. */
  readonly cell: string;
  /** ln(later / earlier). */
  readonly difference: number;
  /** Missing where nodes are not on record. */
  readonly isSameNode?: boolean;
}

/** What repeats say of nodes. */
export interface NodeEffect {
  /** Repeats on the same node, and on two. */
  readonly sameNode: number;
  readonly otherNode: number;
  /** The part of the variance that is between nodes, in hardware and framework of which nothing is known. */
  readonly share: number;
}

export interface NoiseModel {
  /** Noise of a cell; where it has no repeats, what others let expect. Default: one run against one on another node. */
  noiseOf(cell: string, sides?: Sides): Noise;
  readonly repeats: number;
  readonly cells: number;
  /** Missing without repeats on the same node, or without any on two. */
  readonly nodes?: NodeEffect;
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
  readonly nodes?: NodeEffect;
}

/** Fewer say nothing about how different cells are. */
export const FEWEST_REPEATS = 8;
/** Of a cell: the newest, so that the model takes a second at most whatever the index holds. */
const MOST_REPEATS = 500;

/** Scales that noise may have, as ln: 0.03 % to 100 %. */
const SCALES = spaced(Math.log(0.0003), 0, 61);
/** On the same node the scale may be smaller by so many steps of these, to a fifth. */
const MOST_STEPS = 12;
const STEP = SCALES[1]! - SCALES[0]!;
/** The same with what it may be on the same node. */
const LOWER_SCALES = [...spaced(SCALES[0]! - MOST_STEPS * STEP, SCALES[0]! - STEP, MOST_STEPS), ...SCALES];
/** How many steps are usual. Of a cell they are so many within two or so. */
const USUAL_STEPS = [0, 1, 2, 3, 4, 6, 8, 10] as const;
const SPREAD_OF_STEPS = 2;
const CENTRES = spaced(Math.log(0.001), Math.log(0.2), 21);
const SPREADS = [0.15, 0.25, 0.4, 0.6, 0.8, 1.1, 1.5] as const;
const DEGREES = [1, 1.5, 2, 2.5, 3, 4, 5, 8, 15, 30] as const;

/**
 * Learns noise from repeats: ln(b/a) in a cell is Student's t, whose scale differs from cell to cell and is drawn from a log-normal
 * distribution that all cells share, as are the degrees of freedom. Cells with few repeats are thereby close to what is usual, and say
 * with a wide interval that they are not known well. Shared parameters are the most probable ones (empirical Bayes, type II maximum a
 * posteriori: Gelman et al., Bayesian Data Analysis, 5), under weak priors: about 1 % noise within a factor of 2.7, scales within a
 * factor of 1.8, 3 degrees of freedom.
 *
 * Where nodes are on record, variance has a part between nodes and one between runs on the same node (a one-way random effect). The second
 * one's scale is smaller by a factor that differs from cell to cell as well, and is 1 at most. It is part of the same likelihood, and not
 * a difference of mean squares, which a single outlier would decide.
 * @param repeats the newest last
 * @returns undefined for fewer than FEWEST_REPEATS
 */
export function learnNoise(repeats: readonly Repeat[]): NoiseModel | undefined {
  if (repeats.length < FEWEST_REPEATS) return undefined;
  const nodes = nodesIn(repeats);
  const cells = new Map(
    [...grouped(repeats, ({ cell }) => cell)].map(([cell, all]) => [
      cell,
      differencesOf(all.slice(-MOST_REPEATS), nodes !== undefined),
    ]),
  );
  const { degrees, prior, steps, likelihoods } = mostProbable(cells, nodes === undefined ? [0] : USUAL_STEPS);
  return noiseModelOf({
    degrees,
    usual: toScales(prior, steps),
    cells: Object.fromEntries(
      [...likelihoods].map(([cell, likelihood]) => [cell, toScales(prior, steps, likelihood)]),
    ),
    repeats: repeats.length,
    ...(nodes && {
      nodes: { ...nodes, share: sum(steps.map((probability, step) => probability * nodeShareOf(step))) },
    }),
  });
}

export function noiseModelOf(learnt: LearntNoise): NoiseModel {
  const { degrees, usual, repeats, nodes } = learnt;
  const scalesOf = new Map(Object.entries(learnt.cells));
  // Points of a cell share it, with the quantiles that it has found.
  const noises = new Map<string, Noise>();
  return {
    noiseOf(cell, sides = { runs: [1, 1] }) {
      const key = JSON.stringify([cell, sides]);
      const known = noises.get(key);
      if (known !== undefined) return known;
      const noise = new Noise(scalesOf.get(cell) ?? usual, degrees, sides);
      noises.set(key, noise);
      return noise;
    },
    ...{ repeats, cells: scalesOf.size, learnt, ...(nodes && { nodes }) },
  };
}

function nodesIn(repeats: readonly Repeat[]): Omit<NodeEffect, 'share'> | undefined {
  const sameNode = repeats.filter(({ isSameNode }) => isSameNode === true).length;
  const otherNode = repeats.filter(({ isSameNode }) => isSameNode === false).length;
  return sameNode === 0 || otherNode === 0 ? undefined : { sameNode, otherNode };
}

/** Of a cell's repeats. */
interface Differences {
  readonly sameNode: readonly number[];
  /** And those whose nodes are not on record. */
  readonly others: readonly number[];
}

function differencesOf(repeats: readonly Repeat[], areNodesKnown: boolean): Differences {
  const isSame = ({ isSameNode }: Repeat): boolean => areNodesKnown && isSameNode === true;
  return {
    sameNode: repeats.filter(isSame).map(({ difference }) => difference),
    others: repeats.filter((repeat) => !isSame(repeat)).map(({ difference }) => difference),
  };
}

interface Shared {
  readonly degrees: number;
  /** Probability of each scale in a cell that has no repeats. */
  readonly prior: readonly number[];
  /** Probability of each number of steps by which it is smaller on the same node. */
  readonly steps: readonly number[];
  readonly likelihoods: ReadonlyMap<string, Likelihood>;
}

/** ln of the probability of a cell's repeats. */
interface Likelihood {
  /** By scale: of those that are not known to be on the same node. */
  readonly others: readonly number[];
  /** By LOWER_SCALES; undefined without repeats on the same node. */
  readonly sameNode: readonly number[] | undefined;
}

/** Probability of a cell's repeats for each scale: `weights` times e^`logFactor`, the largest weight being 1. */
interface Weights {
  readonly weights: readonly number[];
  readonly logFactor: number;
}

function mostProbable(cells: ReadonlyMap<string, Differences>, usualSteps: readonly number[]): Shared {
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
    for (const usual of usualSteps) {
      const steps = stepsAround(usual);
      const ofCells = [...likelihoods.values()].map((likelihood) => overSteps(likelihood, steps));
      for (const { prior, logWeight } of priors) {
        let logProbability = logWeight + logWeightOfDegrees + logWeightOfSteps(usual);
        for (const { weights, logFactor } of ofCells)
          logProbability += logFactor + Math.log(sum(times(prior, weights)));
        if (best === undefined || logProbability > best.logProbability)
          best = { degrees, prior, steps, likelihoods, logProbability };
      }
    }
  }
  return best!;
}

/** Nodes have no effect unless repeats say so. */
function logWeightOfSteps(usual: number): number {
  return usual === 0 ? 0 : -1 - usual / 4;
}

/** Probability of each number of steps in a cell. None is none in all of them. */
function stepsAround(usual: number): readonly number[] {
  if (usual === 0) return [1];
  return normalized(
    Array.from({ length: MOST_STEPS + 1 }, (_, step) => Math.exp(logNormal(step, usual, SPREAD_OF_STEPS))),
  );
}

/** The part of the variance that is between nodes. */
function nodeShareOf(step: number): number {
  return 1 - Math.exp(-2 * step * STEP);
}

function likelihoodOf({ sameNode, others }: Differences, degrees: number): Likelihood {
  return {
    others: logsOf(others, SCALES, degrees),
    sameNode: sameNode.length === 0 ? undefined : logsOf(sameNode, LOWER_SCALES, degrees),
  };
}

function logsOf(
  differences: readonly number[],
  scales: readonly number[],
  degrees: number,
): readonly number[] {
  return scales.map((logScale) => {
    const scale = Math.exp(logScale);
    return differences.reduce(
      (all, difference) => all + logDensity(difference / scale, degrees) - logScale,
      0,
    );
  });
}

/** Of all of a cell's repeats, where the scale on the same node is smaller by so many steps. */
function logAt({ others, sameNode }: Likelihood, scale: number, step: number): number {
  return others[scale]! + (sameNode?.[scale + MOST_STEPS - step] ?? 0);
}

/** Of a cell's repeats for each scale, whatever it is on the same node. */
function overSteps(likelihood: Likelihood, steps: readonly number[]): Weights {
  const logs = SCALES.map((_, scale) => {
    const ofSteps = steps.map((_, step) => logAt(likelihood, scale, step));
    const most = Math.max(...ofSteps);
    return (
      most + Math.log(sum(steps.map((probability, step) => probability * Math.exp(ofSteps[step]! - most))))
    );
  });
  const logFactor = Math.max(...logs);
  return { weights: logs.map((log) => Math.exp(log - logFactor)), logFactor };
}

/** Scales with less do not change a quantile that is asked for. */
const LEAST_WEIGHT = 1e-9;

/** Scales of a cell, each with each part that may be between nodes. @param likelihood undefined for a cell without repeats */
function toScales(
  prior: readonly number[],
  steps: readonly number[],
  likelihood?: Likelihood,
): readonly Scale[] {
  const all = steps.flatMap((probability, step) =>
    SCALES.map((logScale, i) => ({
      ...{ scale: Math.exp(logScale), nodeShare: nodeShareOf(step) },
      prior: prior[i]! * probability,
      log: likelihood === undefined ? 0 : logAt(likelihood, i, step),
    })),
  );
  const most = all.reduce((largest, { log }) => Math.max(largest, log), -Infinity);
  const weights = normalized(all.map((one) => one.prior * Math.exp(one.log - most)));
  return all
    .map(({ scale, nodeShare }, i) => ({ scale, nodeShare, weight: weights[i]! }))
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
