import type {
  ConfigEntry,
  Dialect,
  FixedSeqLen,
  MultiNodeSpace,
  SingleNodeSpace,
} from '../../config/model.js';
import type { MultiNodeJob, SingleNodeJob } from '../job.js';
import * as february from './2026-02.js';
import * as august from './2026-08.js';

/**
 * The rows of a dialect. Each is one literal, key by key: with six of its keys spread from an object, an expansion makes 0.1
 * million jobs per second instead of 1.8 (Node 20), because V8 then stores the object and all its copies as dictionaries.
 */
interface Rows {
  singleNodeRow(
    entry: ConfigEntry,
    lengths: FixedSeqLen,
    space: SingleNodeSpace,
    conc: number,
  ): SingleNodeJob;
  multiNodeRow(
    entry: ConfigEntry,
    lengths: FixedSeqLen,
    space: MultiNodeSpace,
    conc: readonly number[],
  ): MultiNodeJob;
}

const ROWS: Readonly<Record<Dialect, Rows>> = { '2026-02': february, '2026-08': august };

/** A row on the entry's runner; rows of the same search-space point differ only in runner and concurrency. */
export function singleNodeRow(
  entry: ConfigEntry,
  lengths: FixedSeqLen,
  space: SingleNodeSpace,
  conc: number,
): SingleNodeJob {
  return ROWS[entry.dialect].singleNodeRow(entry, lengths, space, conc);
}

export function multiNodeRow(
  entry: ConfigEntry,
  lengths: FixedSeqLen,
  space: MultiNodeSpace,
  conc: readonly number[],
): MultiNodeJob {
  return ROWS[entry.dialect].multiNodeRow(entry, lengths, space, conc);
}
