import type { FlagValue, RecipePoint, Rules, Text } from '@sweepline/core';

/** The first MEC firmware that reclaims scratch memory without crashes; a plan made without a node assumes it. */
const RECLAIMING_FIRMWARE = 177;

/** tp is passed to every server; pipeline parallelism only if a job has it. */
export const TENSOR: Rules<FlagValue> = {
  'tensor-parallel-size': ({ tp }) => tp,
  'pipeline-parallel-size': ({ pp }) => (pp > 1 ? pp : undefined),
};

/**
 * Expert parallelism has no size in vLLM: experts are spread over all ranks or not at all. The original's scripts ignore it. Source: vLLM
 * docs/serving/expert_parallel_deployment.
 */
export const EXPERTS: Rules<FlagValue> = {
  'enable-expert-parallel': ({ ep, strict }) => (!strict && ep > 1 ? true : undefined),
};

/** Requests are not logged, because it takes time. Newer versions don't log them by default and have dropped the flag. */
export const QUIET: Rules<FlagValue> = { 'disable-log-requests': true };

/** `max-model-len` of the scripts for B200 and H200: no longer than the lengths require. Source: gptoss_fp4_{b200,h200}.sh. */
export function tightModelLen({ isl, osl, maxModelLen }: RecipePoint): number {
  if (isl === 1024 && osl === 1024) return isl + osl + 20;
  return isl === 8192 || osl === 8192 ? isl + osl + 200 : maxModelLen;
}

/** Nodes without AMD GPUs have no such firmware, and use another variable for their devices. */
const onRocm = ({ sku }: RecipePoint): boolean => sku.vendor === 'amd' && sku.device === 'gpu';

/**
 * Older or unknown firmware crashes RCCL when scratch memory is reclaimed.
 * Source: InferenceX benchmarks/gptoss_fp4_mi300x.sh at 7ee5be7; AMD's ROCm 6.4.3 release notes.
 */
export const SCRATCH_RECLAIM: Rules<Text> = {
  HSA_NO_SCRATCH_RECLAIM: (point) => (onRocm(point) && isOldFirmware(point) ? '1' : undefined),
};

function isOldFirmware({ facts }: RecipePoint): boolean {
  return facts !== undefined && !(Number(facts['mec-firmware']) >= RECLAIMING_FIRMWARE);
}

/** Ray, which vLLM 0.14 and later may start, reads only HIP's variable. Source: gptoss_fp4_mi300x.sh, gptoss_fp4_mi325x.sh. */
export const SAME_DEVICES_FOR_HIP: Rules<Text> = {
  HIP_VISIBLE_DEVICES: (point) => (onRocm(point) && point.env['ROCR_VISIBLE_DEVICES']) || undefined,
};
