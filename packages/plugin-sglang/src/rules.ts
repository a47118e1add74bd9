import type { FlagValue, Recipe, RecipePoint, Rule, Rules, Text } from '@sweepline/core';
import { isAtLeast } from './version.js';

type FlagRule = (point: RecipePoint) => FlagValue | undefined;

/** 30 polls for new requests are enough from 16 requests in flight on. Source: InferenceX benchmarks/dsr1_*_b200*.sh at 7ee5be7. */
export const recvInterval: FlagRule = ({ concurrency }) => (concurrency >= 16 ? 30 : 10);

/**
 * Number of devices that attention is spread over. SGLang includes the devices of experts, so a worker with more expert parallelism than
 * tensor parallelism (`tp: 1, ep: 8`) has as many. Source: build_server_config of sglang_disagg_server.sh, the external script that
 * InferenceX's sglang-disagg jobs run.
 */
const ranks = ({ role, tp, pp, ep }: RecipePoint): number =>
  role === 'server' ? tp : Math.max(tp, Math.ceil(ep / pp));

/** Settings that the original's scripts ignore are passed to the engine anyway, unless the original's plan is wanted. */
const unlessStrict =
  (rule: Rule<FlagValue | undefined>): FlagRule =>
  (point) =>
    point.strict ? undefined : typeof rule === 'function' ? rule(point) : rule;

/** Parallelism that every script passes on, and parallelism that none does. Source: SGLang docs/advanced_features/server_arguments.md. */
export const TENSOR: Rules<FlagValue> = {
  'tensor-parallel-size': ranks,
  'pipeline-parallel-size': ({ pp }) => (pp > 1 ? pp : undefined),
  'data-parallel-size': unlessStrict((point) => (point.dpAttn ? ranks(point) : undefined)),
  'enable-dp-attention': unlessStrict(({ dpAttn }) => dpAttn || undefined),
};

/** For scripts that set the number of model replicas: one, or one attention replica per device. */
export const TENSOR_AND_DATA: Rules<FlagValue> = {
  ...TENSOR,
  'data-parallel-size': (point) => (!point.strict && point.dpAttn ? ranks(point) : 1),
};

/** Expert parallelism as the scripts for B200 pass it on, even if it is 1. */
export const EXPERTS: Rules<FlagValue> = { 'ep-size': ({ ep }) => ep };

/** The same for scripts that ignore it. */
export const EXPERTS_IF_ANY: Rules<FlagValue> = {
  'ep-size': unlessStrict(({ ep }) => (ep > 1 ? ep : undefined)),
};

/** Two tokens drafted per step by the model's own MTP layers. Source: InferenceX benchmarks/dsr1_fp8_b200_mtp.sh at 7ee5be7. */
export const MTP: Readonly<Record<string, FlagValue>> = {
  'speculative-algorithm': 'EAGLE',
  'speculative-num-steps': 2,
  'speculative-num-draft-tokens': 3,
  'speculative-eagle-topk': 1,
};

/** The same, for scripts that run with and without speculative decoding but ignore it. */
export const MTP_IF_ASKED: Rules<FlagValue> = Object.fromEntries(
  Object.entries(MTP).map(([name, value]) => [
    name,
    unlessStrict(({ spec }) => (spec === 'mtp' ? value : undefined)),
  ]),
);

/** The overlap scheduler for speculative decoding. dsr1_fp8_b200_mtp.sh sets it without exporting it, so that its server never sees it. */
export const SPEC_V2: Rules<Text> = {
  SGLANG_ENABLE_SPEC_V2: ({ spec, strict }) => (spec === 'mtp' && !strict ? '1' : undefined),
};

/**
 * FlashInfer's FP8 GEMM instead of DeepGEMM. A flag has replaced the variable, which 0.5.7 was to drop, as python/sglang/srt/environ.py of
 * 0.5.6 warns. Source: InferenceX benchmarks/dsr1_fp8_b200.sh at 7ee5be7.
 */
const hasGemmFlag = (point: RecipePoint): boolean => !point.strict && isAtLeast('0.5.7', point);
export const FLASHINFER_GEMM = {
  flags: {
    'fp8-gemm-backend': (point) => (hasGemmFlag(point) ? 'flashinfer_trtllm' : undefined),
  },
  env: {
    SGLANG_ENABLE_FLASHINFER_GEMM: (point) => (hasGemmFlag(point) ? undefined : 'true'),
    SGL_ENABLE_JIT_DEEPGEMM: (point) => (hasGemmFlag(point) ? undefined : 'false'),
    SGLANG_ENABLE_JIT_DEEPGEMM: (point) => (hasGemmFlag(point) ? 'false' : undefined),
  },
} satisfies Pick<Recipe, 'flags' | 'env'>;

/** The first MEC firmware that reclaims scratch memory without crashes; a plan made without a node assumes it. */
const RECLAIMING_FIRMWARE = 177;

/**
 * Older or unknown firmware crashes RCCL when scratch memory is reclaimed.
 * Source: InferenceX benchmarks/dsr1_fp8_mi300x.sh at 7ee5be7; AMD's ROCm 6.4.3 release notes.
 */
export function hasOldFirmware({ facts }: RecipePoint): boolean {
  if (facts === undefined) return false;
  return !(Number(facts['mec-firmware']) >= RECLAIMING_FIRMWARE);
}
