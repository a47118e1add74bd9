import { FIELD } from '../../config/fields.js';
import type {
  ConfigEntry,
  Dialect,
  FixedSeqLen,
  MultiNodeSpace,
  SingleNodeSpace,
  Worker,
} from '../../config/model.js';
import type { MultiNodeJob, SingleNodeJob } from '../job.js';
import { seqLenName } from '../seq-lens.js';
import { components, options, sizes, withSizes } from './parts.js';

/** Tokens beside prompt and output that a server must have room for. */
const MODEL_LEN_MARGIN: Readonly<Record<Dialect, number>> = { '2026-02': 200, '2026-08': 256 };

/** A row for any runner and concurrency; those of a search-space point differ in nothing else. */
export function singleNodeRow(
  entry: ConfigEntry,
  lengths: FixedSeqLen,
  space: SingleNodeSpace,
): SingleNodeJob {
  const { dialect } = entry;
  return {
    ...head(entry, lengths),
    [FIELD.tp]: space[FIELD.tp],
    ...(dialect === '2026-02' ? {} : sizes(space)),
    [FIELD.conc]: 0,
    [FIELD.maxModelLen]: maxModelLen(entry, lengths),
    [FIELD.ep]: space[FIELD.ep] ?? 1,
    [FIELD.dpAttn]: space[FIELD.dpAttn] ?? false,
    [FIELD.specDecoding]: space[FIELD.specDecoding] ?? 'none',
    ...tail(entry, lengths),
    ...components(entry, space),
    ...options(entry),
  };
}

export function multiNodeRow(entry: ConfigEntry, lengths: FixedSeqLen, space: MultiNodeSpace): MultiNodeJob {
  return {
    ...head(entry, lengths),
    [FIELD.specDecoding]: space[FIELD.specDecoding] ?? 'none',
    [FIELD.prefill]: worker(entry, space[FIELD.prefill]),
    [FIELD.decode]: worker(entry, space[FIELD.decode]),
    [FIELD.conc]: [],
    [FIELD.maxModelLen]: maxModelLen(entry, lengths),
    ...tail(entry, lengths),
    ...components(entry, space),
    ...options(entry),
  };
}

function head(entry: ConfigEntry, lengths: FixedSeqLen) {
  return {
    [FIELD.image]: entry[FIELD.image],
    [FIELD.model]: entry[FIELD.model],
    [FIELD.modelPrefix]: entry[FIELD.modelPrefix],
    [FIELD.precision]: entry[FIELD.precision],
    [FIELD.framework]: entry[FIELD.framework],
    [FIELD.runner]: entry[FIELD.runner],
    [FIELD.isl]: lengths[FIELD.isl],
    [FIELD.osl]: lengths[FIELD.osl],
  };
}

function tail(entry: ConfigEntry, lengths: FixedSeqLen) {
  const name = seqLenName(lengths[FIELD.isl], lengths[FIELD.osl], entry.dialect);
  return {
    [FIELD.expName]: `${entry[FIELD.modelPrefix]}_${name}`,
    [FIELD.disagg]: entry[FIELD.disagg],
    [FIELD.runEval]: false,
  };
}

function maxModelLen({ dialect }: ConfigEntry, lengths: FixedSeqLen): number {
  return lengths[FIELD.isl] + lengths[FIELD.osl] + MODEL_LEN_MARGIN[dialect];
}

/** 2026-02 rows show workers as they are written. */
function worker({ dialect }: ConfigEntry, written: Worker): Worker {
  return dialect === '2026-02' ? written : withSizes(written);
}
