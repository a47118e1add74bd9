import { Mt19937 } from '../../load/prompts/mt19937.js';
import type { RequestRecord } from '../../load/records/record.js';
import { P99_REQUESTS } from '../caveats.js';
import { sum } from '../statistics.js';
import type { Blocks } from './blocks.js';

/** Statistics of a resample that contains block i `weights[i]` times, in the order of `keys`. */
export interface Estimator {
  readonly keys: readonly string[];
  of(weights: Int32Array): readonly (number | undefined)[];
}

export type Samples = ArrayLike<number>;

/** Most samples per metric; further ones would change a quantile far less than blocks scatter. */
const MAX_SAMPLES = 50_000;

/** A sum divided by another sum, such as a mean or a rate. */
export function ratio(key: string, numerators: Samples, denominators: Samples): Estimator {
  return { keys: [key], of: (weights) => [weighted(numerators, weights) / weighted(denominators, weights)] };
}

/**
 * Number of blocks from which a p99 has an interval, in addition to P99_REQUESTS samples. With fewer, resamples contain too few
 * extreme values.
 */
const P99_BLOCKS = 50;

/** Mean, median and 99th percentile of the samples of all blocks together; the last only if there is enough data. */
export function latencyEstimators(
  key: string,
  blocks: Blocks,
  samplesOf: (block: readonly RequestRecord[]) => Samples,
): readonly Estimator[] {
  const samples = blocks.map(samplesOf);
  if (samples.every(({ length }) => length === 0)) return [];
  const means = ratio(
    `mean_${key}_ms`,
    samples.map(sum),
    samples.map(({ length }) => length),
  );
  const isMany = blocks.length >= P99_BLOCKS && sum(samples.map(({ length }) => length)) >= P99_REQUESTS;
  const [keys, levels] = isMany
    ? [
        [`median_${key}_ms`, `p99_${key}_ms`],
        [0.5, 0.99],
      ]
    : [[`median_${key}_ms`], [0.5]];
  return [means, quantiles(keys, levels, samples)];
}

/** The quantiles that `numpy.percentile` gives for the resample: linear between ranks. `levels` ascend, in [0, 1]. */
function quantiles(
  keys: readonly string[],
  levels: readonly number[],
  blocks: readonly Samples[],
): Estimator {
  const { values, blockOf, counts } = pooled(blocks);
  return {
    keys,
    of(weights) {
      const total = weighted(counts, weights);
      let index = -1;
      let seen = 0;
      /** The value at a rank of the resample; ranks ascend from call to call. */
      const at = (rank: number): number => {
        while (seen <= rank && index + 1 < values.length) seen += weights[blockOf[++index] ?? 0] ?? 0;
        return values[index] ?? NaN;
      };
      return levels.map((level) => {
        const rank = level * (total - 1);
        const below = at(Math.floor(rank));
        return below + (at(Math.ceil(rank)) - below) * (rank - Math.floor(rank));
      });
    },
  };
}

/**
 * The samples of all blocks in ascending order, and the block of each. If there are too many, one per stride is kept, at a random
 * position: gaps follow patterns (reads with several chunks, requests with equally many), and every nth gap might always be at
 * the same place in the pattern.
 */
function pooled(blocks: readonly Samples[]) {
  const random = new Mt19937(0);
  const stride = Math.ceil(sum(blocks.map(({ length }) => length)) / MAX_SAMPLES);
  const counts = blocks.map(({ length }) => Math.ceil(length / stride));
  const values = new Float64Array(sum(counts));
  const blockOf = new Uint32Array(values.length);
  let next = 0;
  blocks.forEach((samples, block) => {
    for (let i = 0; i < samples.length; i += stride) {
      values[next] = samples[i + random.integer(0, Math.min(stride, samples.length - i))] ?? 0;
      blockOf[next++] = block;
    }
  });
  const order = new Uint32Array(values.length)
    .map((_, i) => i)
    .sort((a, b) => (values[a] ?? 0) - (values[b] ?? 0));
  return {
    values: Float64Array.from(order, (i) => values[i] ?? 0),
    blockOf: Uint32Array.from(order, (i) => blockOf[i] ?? 0),
    counts,
  };
}

function weighted(values: Samples, weights: Int32Array): number {
  let total = 0;
  for (let i = 0; i < weights.length; i++) total += (values[i] ?? 0) * (weights[i] ?? 0);
  return total;
}
