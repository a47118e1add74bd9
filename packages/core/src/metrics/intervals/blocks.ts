import type { RequestRecord } from '../../load/records/record.js';
import { e2elMs, numbersOf, tpotMs, ttftMs } from '../request.js';
import { mean } from '../statistics.js';

/** Fewer blocks say almost nothing about the scatter of results. */
export const MIN_BLOCKS = 10;
/** More take time without adding information. */
const MAX_BLOCKS = 1000;

/** Smaller differences are only due to the rounding of times. */
const ROUNDING_MS = 1e-6;

/** 95 % point of the standard normal distribution. */
const Z = 1.6449;

export type Blocks = readonly (readonly RequestRecord[])[];

/**
 * Requests in order of sending, cut into consecutive blocks of about equal size (as many as are resampled: E. Carlstein, "The Use
 * of Subseries Values for Estimating the Variance…", Annals of Statistics 14(3), 1986). Undefined for fewer than two requests per
 * block.
 *
 * Requests that are in flight together share batches and depend on each other: a block is as long as the mean number of requests
 * in flight, and at least ∛n, the order that minimises the error of the variance (P. Hall, J. Horowitz and B. Jing, "On blocking
 * rules for the bootstrap with dependent data", Biometrika 82(3), 1995). Block length is doubled as long as neighbours are still
 * correlated (G. Fishman, "Grouping Observations in Digital Simulation", Management Science 24(5), 1978), but there are always at
 * least MIN_BLOCKS.
 */
export function blocksOf(requests: readonly RequestRecord[], inFlight: number): Blocks | undefined {
  const count = requests.length;
  if (count < 2 * MIN_BLOCKS) return undefined;
  const ordered = requests.toSorted((a, b) => (a.sentMs ?? 0) - (b.sentMs ?? 0));
  const length = Math.max(Math.ceil(Math.cbrt(count)), Math.round(inFlight));
  let blocks = cut(ordered, count / length);
  while (blocks.length > MIN_BLOCKS && [ttftMs, tpotMs, e2elMs].some((of) => leans(blocks, of)))
    blocks = cut(ordered, blocks.length / 2);
  return blocks;
}

/** Cuts into about this many blocks of nearly equal size. */
function cut(ordered: readonly RequestRecord[], about: number): Blocks {
  const blocks = Math.min(MAX_BLOCKS, Math.max(MIN_BLOCKS, Math.floor(about)));
  const border = (i: number) => Math.round((i * ordered.length) / blocks);
  return Array.from({ length: blocks }, (_, i) => ordered.slice(border(i), border(i + 1)));
}

/** Whether the means of neighbouring blocks are correlated more than would occur by chance in one of twenty series. */
function leans(blocks: Blocks, of: (request: RequestRecord) => number | undefined): boolean {
  const means = blocks.map((block) => mean(numbersOf(block, of)) ?? NaN);
  const center = mean(means) ?? NaN;
  const away = means.map((value) => value - center);
  const total = away.reduce((sum, value) => sum + value * value, 0);
  const shared = away.reduce((sum, value, i) => sum + value * (away[i + 1] ?? 0), 0);
  return total > blocks.length * ROUNDING_MS ** 2 && shared > (Z / Math.sqrt(blocks.length)) * total;
}
