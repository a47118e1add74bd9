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
 * How rows of a dialect look. Each is one literal, key by key: an object that is put together from several costs more
 * than all the rest of an expansion.
 */
interface Rows {
  singleNodeRow(entry: ConfigEntry, lengths: FixedSeqLen, space: SingleNodeSpace): SingleNodeJob;
  multiNodeRow(entry: ConfigEntry, lengths: FixedSeqLen, space: MultiNodeSpace): MultiNodeJob;
}

const ROWS: Readonly<Record<Dialect, Rows>> = { '2026-02': february, '2026-08': august };

/** A row for any runner and concurrency; those of a search-space point differ in nothing else. */
export function singleNodeRow(
  entry: ConfigEntry,
  lengths: FixedSeqLen,
  space: SingleNodeSpace,
): SingleNodeJob {
  return ROWS[entry.dialect].singleNodeRow(entry, lengths, space);
}

export function multiNodeRow(entry: ConfigEntry, lengths: FixedSeqLen, space: MultiNodeSpace): MultiNodeJob {
  return ROWS[entry.dialect].multiNodeRow(entry, lengths, space);
}
