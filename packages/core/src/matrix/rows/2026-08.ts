import type { ConfigEntry, FixedSeqLen, MultiNodeSpace, SingleNodeSpace } from '../../config/model.js';
import type { MultiNodeJob, SingleNodeJob } from '../job.js';
import { seqLenName } from '../seq-lens.js';
import { withExtras, withSizes } from './parts.js';

/** Tokens that a server must have room for in addition to prompt and output. */
const MODEL_LEN_MARGIN = 256;

export function singleNodeRow(
  entry: ConfigEntry,
  { isl, osl }: FixedSeqLen,
  space: SingleNodeSpace,
  conc: number,
): SingleNodeJob {
  const row: SingleNodeJob = {
    image: entry.image,
    model: entry.model,
    'model-prefix': entry['model-prefix'],
    precision: entry.precision,
    framework: entry.framework,
    runner: entry.runner,
    isl,
    osl,
    tp: space.tp,
    pp: space.pp ?? 1,
    'dcp-size': space['dcp-size'] ?? 1,
    'pcp-size': space['pcp-size'] ?? 1,
    conc,
    'max-model-len': isl + osl + MODEL_LEN_MARGIN,
    ep: space.ep ?? 1,
    'dp-attn': space['dp-attn'] ?? false,
    'spec-decoding': space['spec-decoding'] ?? 'none',
    'exp-name': `${entry['model-prefix']}_${seqLenName(isl, osl, '2026-08')}`,
    disagg: entry.disagg,
    'run-eval': false,
  };
  return withExtras(row, entry, space);
}

export function multiNodeRow(
  entry: ConfigEntry,
  { isl, osl }: FixedSeqLen,
  space: MultiNodeSpace,
  conc: readonly number[],
): MultiNodeJob {
  const row: MultiNodeJob = {
    image: entry.image,
    model: entry.model,
    'model-prefix': entry['model-prefix'],
    precision: entry.precision,
    framework: entry.framework,
    runner: entry.runner,
    isl,
    osl,
    'spec-decoding': space['spec-decoding'] ?? 'none',
    prefill: withSizes(space.prefill),
    decode: withSizes(space.decode),
    conc,
    'max-model-len': isl + osl + MODEL_LEN_MARGIN,
    'exp-name': `${entry['model-prefix']}_${seqLenName(isl, osl, '2026-08')}`,
    disagg: entry.disagg,
    'run-eval': false,
  };
  return withExtras(row, entry, space);
}
