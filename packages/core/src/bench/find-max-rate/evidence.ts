import { mean, percentile, sum } from '../../metrics/statistics.js';

/** What a load says of the share of requests that keep an objective. */
export interface Evidence {
  /** Requests that it is about. */
  readonly requests: number;
  /** Share of them that kept it. */
  readonly kept: number;
  /**
   * How many requests in a row say as much as one that is independent of the others: those that wait in one queue break an objective
   * together.
   */
  readonly inflation: number;
  /** The latency that the objective's share of requests keeps, over its limit; absent where so many failed that there is none. */
  readonly ofLimit?: number;
}

/** Ratios beyond these are as good, or as bad, as they: how far from the limit a request is makes no difference then. */
const [BEST, WORST] = [0.1, 2];
/** Broken requests from which on it shows how they bunch. */
const MIN_BROKEN = 10;
/** Correlations are summed up to so many times their sum. Source: A. Sokal, "Monte Carlo Methods in Statistical Mechanics", 1997. */
const WINDOW = 5;
/** The longest distance in a series at which a correlation is more than chance. */
const LONGEST_SHARE = 0.25;

/**
 * @param ratios of each request, in order: the largest latency over its limit
 * @param share of requests that are to keep it
 */
export function evidenceOf(ratios: readonly number[], share: number): Evidence {
  const requests = ratios.length;
  const broken = ratios.map((ratio) => (ratio > 1 ? 1 : 0));
  const count = sum(broken);
  const ofLimit = percentile(ratios, 100 * share);
  const inflation = correlationTime(ratios.map((ratio) => Math.min(Math.max(ratio, BEST), WORST)));
  return {
    requests,
    kept: requests === 0 ? 1 : 1 - count / requests,
    inflation: count < MIN_BROKEN ? inflation : Math.max(inflation, correlationTime(broken)),
    ...(Number.isFinite(ofLimit) && { ofLimit: ofLimit! }),
  };
}

/** Integrated autocorrelation time of a series: 1 where its values are independent. */
function correlationTime(series: readonly number[]): number {
  const { length } = series;
  const center = mean(series) ?? 0;
  const away = Float64Array.from(series, (value) => value - center);
  const covariance = (lag: number): number => {
    let total = 0;
    for (let i = lag; i < length; i++) total += away[i]! * away[i - lag]!;
    return total;
  };
  const variance = covariance(0);
  if (!(variance > 1e-12 * length)) return 1;
  let time = 1;
  for (let lag = 1; lag < Math.min(WINDOW * time, LONGEST_SHARE * length); lag++) {
    time += (2 * covariance(lag)) / variance;
  }
  return Math.max(1, time);
}

/** Several loads' evidence as one. */
export interface Pooled {
  /** Independent requests that say as much. */
  readonly effective: number;
  readonly kept: number;
}

export function pool(parts: readonly Evidence[]): Pooled {
  const weights = parts.map(({ requests, inflation }) => requests / inflation);
  const effective = sum(weights);
  const kept = sum(parts.map((part, i) => part.kept * (weights[i] ?? 0)));
  return { effective, kept: effective === 0 ? 1 : kept / effective };
}

/**
 * How unlikely it is that a share is what lies behind the evidence: −ln of the chance of seeing as much or more that speaks against it, at most
 * (Chernoff's bound, which holds for any number of independent requests).
 */
export function doubtOf({ effective, kept }: Pooled, share: number): number {
  return effective * divergence(kept, share);
}

/** Between which shares there is no more than so much doubt. By bisection, as it has no closed form. */
export function intervalOf(pooled: Pooled, doubt: number): { readonly low: number; readonly high: number } {
  const towards = (end: number): number => {
    if (doubtOf(pooled, end) <= doubt) return end;
    let [inside, outside] = [pooled.kept, end];
    for (let step = 0; step < 40; step++) {
      const middle = (inside + outside) / 2;
      if (doubtOf(pooled, middle) <= doubt) inside = middle;
      else outside = middle;
    }
    return inside;
  };
  return { low: towards(0), high: towards(1) };
}

/** Kullback and Leibler's divergence of a coin that shows a share `p` from one that should show `q`, nats. */
function divergence(p: number, q: number): number {
  const part = (a: number, b: number): number => (a === 0 ? 0 : b === 0 ? Infinity : a * Math.log(a / b));
  return part(p, q) + part(1 - p, 1 - q);
}
