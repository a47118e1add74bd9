import { FIELD } from '../../config/fields.js';
import type { ConfigEntry, FixedSeqLen, MultiNodeSpace, SingleNodeSpace } from '../../config/model.js';
import type { MultiNodeJob, SingleNodeJob } from '../job.js';
import { seqLenName } from '../seq-lens.js';
import { withExtras } from './parts.js';

/** Tokens beside prompt and output that a server must have room for. */
const MODEL_LEN_MARGIN = 200;

export function singleNodeRow(
  entry: ConfigEntry,
  { [FIELD.isl]: isl, [FIELD.osl]: osl }: FixedSeqLen,
  space: SingleNodeSpace,
): SingleNodeJob {
  const row: SingleNodeJob = {
    [FIELD.image]: entry[FIELD.image],
    [FIELD.model]: entry[FIELD.model],
    [FIELD.modelPrefix]: entry[FIELD.modelPrefix],
    [FIELD.precision]: entry[FIELD.precision],
    [FIELD.framework]: entry[FIELD.framework],
    [FIELD.runner]: entry[FIELD.runner],
    [FIELD.isl]: isl,
    [FIELD.osl]: osl,
    [FIELD.tp]: space[FIELD.tp],
    [FIELD.conc]: 0,
    [FIELD.maxModelLen]: isl + osl + MODEL_LEN_MARGIN,
    [FIELD.ep]: space[FIELD.ep] ?? 1,
    [FIELD.dpAttn]: space[FIELD.dpAttn] ?? false,
    [FIELD.specDecoding]: space[FIELD.specDecoding] ?? 'none',
    [FIELD.expName]: `${entry[FIELD.modelPrefix]}_${seqLenName(isl, osl, '2026-02')}`,
    [FIELD.disagg]: entry[FIELD.disagg],
    [FIELD.runEval]: false,
  };
  return withExtras(row, entry, space);
}

/** Workers are shown as they are written. */
export function multiNodeRow(
  entry: ConfigEntry,
  { [FIELD.isl]: isl, [FIELD.osl]: osl }: FixedSeqLen,
  space: MultiNodeSpace,
): MultiNodeJob {
  const row: MultiNodeJob = {
    [FIELD.image]: entry[FIELD.image],
    [FIELD.model]: entry[FIELD.model],
    [FIELD.modelPrefix]: entry[FIELD.modelPrefix],
    [FIELD.precision]: entry[FIELD.precision],
    [FIELD.framework]: entry[FIELD.framework],
    [FIELD.runner]: entry[FIELD.runner],
    [FIELD.isl]: isl,
    [FIELD.osl]: osl,
    [FIELD.specDecoding]: space[FIELD.specDecoding] ?? 'none',
    [FIELD.prefill]: space[FIELD.prefill],
    [FIELD.decode]: space[FIELD.decode],
    [FIELD.conc]: [],
    [FIELD.maxModelLen]: isl + osl + MODEL_LEN_MARGIN,
    [FIELD.expName]: `${entry[FIELD.modelPrefix]}_${seqLenName(isl, osl, '2026-02')}`,
    [FIELD.disagg]: entry[FIELD.disagg],
    [FIELD.runEval]: false,
  };
  return withExtras(row, entry, space);
}
