import type { FlagValue, RecipePoint, Rules, Text } from '@sweepline/core';

/** MEC firmware that gives scratch memory back without crashes; a plan made without a node assumes it. */
const RECLAIMING_FIRMWARE = 177;

/** tp goes to every server. Pipeline parallelism is passed on where a job has any. */
export const TENSOR: Rules<FlagValue> = {
  'tensor-parallel-size': ({ tp }) => tp,
  'pipeline-parallel-size': ({ pp }) => (pp > 1 ? pp : undefined),
};

/**
 * Expert parallelism has no size in vLLM: experts are spread over all ranks or over none. The original's scripts overlook
 * it. Source: vLLM docs/serving/expert_parallel_deployment.
 */
export const EXPERTS: Rules<FlagValue> = {
  'enable-expert-parallel': ({ ep, strict }) => (!strict && ep > 1 ? true : undefined),
};

/** Requests are not logged: it costs time. Newer versions don't by default and have dropped the flag. */
export const QUIET: Rules<FlagValue> = { 'disable-log-requests': true };

/** `max-model-len` of the scripts for B200 and H200: no longer than the lengths need. Source: gptoss_fp4_{b200,h200}.sh. */
export function tightModelLen({ isl, osl, maxModelLen }: RecipePoint): number {
  if (isl === 1024 && osl === 1024) return isl + osl + 20;
  return isl === 8192 || osl === 8192 ? isl + osl + 200 : maxModelLen;
}

/** Facts of other nodes say nothing of AMD's firmware, and their devices go by other variables. */
const onRocm = ({ sku }: RecipePoint): boolean => sku.vendor === 'amd' && sku.device === 'gpu';

/**
 * Older firmware, or one that can't be read, crashes RCCL when scratch memory is reclaimed.
 * Source: InferenceX benchmarks/gptoss_fp4_mi300x.sh at 7ee5be7; AMD's ROCm 6.4.3 release notes.
 */
export const SCRATCH_RECLAIM: Rules<Text> = {
  HSA_NO_SCRATCH_RECLAIM: (point) => (onRocm(point) && isOldFirmware(point) ? '1' : undefined),
};

function isOldFirmware({ facts }: RecipePoint): boolean {
  return facts !== undefined && !(Number(facts['mec-firmware']) >= RECLAIMING_FIRMWARE);
}

/** Ray, which vLLM 0.14 and later may start, looks at HIP's variable alone. Source: gptoss_fp4_mi300x.sh, gptoss_fp4_mi325x.sh. */
export const SAME_DEVICES_FOR_HIP: Rules<Text> = {
  HIP_VISIBLE_DEVICES: (point) => (onRocm(point) && point.env['ROCR_VISIBLE_DEVICES']) || undefined,
};
