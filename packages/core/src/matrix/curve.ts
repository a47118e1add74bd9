import { canonicalJson } from './canonical.js';
import type { Job, Point } from './job.js';

/** Keys that tell points of a curve apart, or only name them. */
const OF_POINTS: readonly string[] = ['conc', 'load', 'exp-name', 'run-eval', 'recipe-fingerprint'];

/** The curve that a point is on: everything of its job but the concurrency, the rate, and whether evals follow. */
export function curveOf({ job }: Point): string {
  const { arrival, ...other } = job.load ?? {};
  const { rate: _, ...pattern } = arrival ?? {};
  const rest = Object.entries(job).filter(([key]) => !OF_POINTS.includes(key));
  return canonicalJson({ ...Object.fromEntries(rest), load: { ...other, arrival: pattern } });
}

/** Compares points of a curve by how much they ask of a server: by concurrency, then by rate. */
export function byLoad(one: Point, other: Point): number {
  return one.concurrency - other.concurrency || rateOf(one.job) - rateOf(other.job);
}

function rateOf({ load }: Job): number {
  return load?.arrival?.rate ?? 0;
}
