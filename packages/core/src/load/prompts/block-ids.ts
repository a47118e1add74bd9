import { tokensOf, type Block, type BlockOptions } from './block.js';
import type { IdRun } from './id-runs.js';
import { markOf } from './mark.js';
import { sizeOf, type Vocabulary } from './random.js';
import { singles } from './token-ids.js';

/** 2^32/φ, odd: its multiples modulo 2^32 are spread evenly. */
const GOLDEN = 0x9e3779b1;

/** Converts blocks to runs of ids. A mark takes its space from the end of the blocks. */
export function blockRuns(
  blocks: readonly Block[],
  index: number,
  { seed, bustCache }: Pick<BlockOptions, 'seed' | 'bustCache'>,
  vocabulary: Vocabulary,
): IdRun[] {
  const size = sizeOf(vocabulary);
  const runs = blocks.flatMap((block) => runsOf(block, seed, size));
  if (bustCache === undefined) return runs;
  return cut([...singles(markOf(bustCache, index, size)), ...runs], tokensOf(blocks));
}

/**
 * Two ids that are unique to the key in this run, then a run: keys that start at the same id would otherwise give the same ids.
 */
function runsOf({ key, tokens }: Block, seed: number, size: number): IdRun[] {
  const own = ((Math.imul(seed, GOLDEN) >>> 0) + key) % size ** 2;
  const start = (Math.imul(own, GOLDEN) >>> 0) % size;
  return cut(
    [...singles([own % size, Math.floor(own / size)]), { start, length: Math.max(tokens - 2, 0) }],
    tokens,
  );
}

/** The first `length` ids. */
function cut(runs: readonly IdRun[], length: number): IdRun[] {
  let left = length;
  return runs.flatMap((run) => {
    const taken = Math.min(run.length, left);
    left -= taken;
    return taken > 0 ? [{ start: run.start, length: taken }] : [];
  });
}
