import type { RequestRecord } from '../../load/record.js';

/** Fewer blocks tell next to nothing about how much results scatter. */
export const MIN_BLOCKS = 10;
/** More cost time and tell no more. */
const MAX_BLOCKS = 1000;

/**
 * Requests in order of sending, cut into consecutive blocks of about equal size (as many as are resampled: E. Carlstein, "The Use of Subseries
 * Values for Estimating the Variance…", Annals of Statistics 14(3), 1986). Undefined for fewer than two requests a block.
 *
 * Requests that are in flight together share batches and depend on each other: a block is as long as there are requests in flight on
 * average, and at least ∛n, the order that keeps the error of the variance least (P. Hall, J. Horowitz and B. Jing, "On
 * blocking rules for the bootstrap with dependent data", Biometrika 82(3), 1995). MIN_BLOCKS blocks are made in any case.
 */
export function blocksOf(
  requests: readonly RequestRecord[],
  inFlight: number,
): readonly (readonly RequestRecord[])[] | undefined {
  const count = requests.length;
  if (count < 2 * MIN_BLOCKS) return undefined;
  const length = Math.max(Math.ceil(Math.cbrt(count)), Math.round(inFlight));
  const blocks = Math.min(MAX_BLOCKS, Math.max(MIN_BLOCKS, Math.floor(count / length)));
  const ordered = requests.toSorted((a, b) => (a.sentMs ?? 0) - (b.sentMs ?? 0));
  return Array.from({ length: blocks }, (_, i) =>
    ordered.slice(Math.round((i * count) / blocks), Math.round(((i + 1) * count) / blocks)),
  );
}
