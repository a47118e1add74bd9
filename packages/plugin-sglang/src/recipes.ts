import {
  downloadModel,
  type Recipe,
  type RecipePlugin,
  type RecipePoint,
  type Rejection,
} from '@sweepline/core';
import {
  EXPERTS,
  EXPERTS_IF_ANY,
  FLASHINFER_GEMM,
  MTP,
  MTP_IF_ASKED,
  SPEC_V2,
  TENSOR,
  TENSOR_AND_DATA,
  hasOldFirmware,
  recvInterval,
} from './rules.js';

/** Launchers of B200, H200 and MI355X choose another script for MTP, and the plain one for everything else. */
const PLAIN = ['none', 'draft_model'];

const script = (name: string): string => `InferenceX benchmarks/${name}.sh at 7ee5be7`;
const is8k1k = ({ isl, osl }: RecipePoint): boolean => isl === 8192 && osl === 1024;
const is1k1k = ({ isl, osl }: RecipePoint): boolean => isl === 1024 && osl === 1024;

/** Common to the scripts for B200: TensorRT-LLM's kernels, through FlashInfer. */
const BLACKWELL = {
  'kv-cache-dtype': 'fp8_e4m3',
  'enable-flashinfer-allreduce-fusion': true,
  'disable-radix-cache': true,
  'attention-backend': 'trtllm_mla',
  'moe-runner-backend': 'flashinfer_trtllm',
};

/** Common to the scripts for AMD: AITER's kernels, four decoding steps between polls of the queue. */
const AITER = {
  'trust-remote-code': true,
  'mem-fraction-static': 0.8,
  'num-continuous-decode-steps': 4,
  'attention-backend': 'aiter',
  'disable-radix-cache': true,
};

const dsr1Fp4B200: Recipe = {
  match: { model: 'dsr1', precision: 'fp4', sku: 'b200', spec: PLAIN },
  source: script('dsr1_fp4_b200'),
  setup: downloadModel,
  flags: {
    ...TENSOR_AND_DATA,
    ...EXPERTS,
    ...BLACKWELL,
    'trust-remote-code': true,
    quantization: 'modelopt_fp4',
    'cuda-graph-max-bs': 256,
    'max-running-requests': 256,
    'mem-fraction-static': 0.85,
    'chunked-prefill-size': 16384,
    'scheduler-recv-interval': recvInterval,
    'enable-symm-mem': true,
    'stream-interval': 10,
  },
  env: { PYTHONNOUSERSITE: '1' },
};

/** Its settings for tp 8; for tp 4 they are known only for 8k1k. */
const isTp4 = ({ tp }: RecipePoint): boolean => tp === 4;

const dsr1Fp8B200: Recipe = {
  match: { model: 'dsr1', precision: 'fp8', sku: 'b200', spec: PLAIN },
  source: script('dsr1_fp8_b200'),
  setup: downloadModel,
  flags: {
    ...TENSOR_AND_DATA,
    ...EXPERTS,
    ...BLACKWELL,
    ...FLASHINFER_GEMM.flags,
    quantization: 'fp8',
    'cuda-graph-max-bs': (point) => (isTp4(point) ? 32 : 128),
    'max-running-requests': (point) => (isTp4(point) ? 32 : 128),
    'mem-fraction-static': (point) => (isTp4(point) ? 0.95 : 0.82),
    'chunked-prefill-size': (point) => (isTp4(point) ? 8192 : 32768),
    'max-prefill-tokens': (point) => (isTp4(point) ? 8192 : 32768),
    'scheduler-recv-interval': (point) => (isTp4(point) ? 10 : recvInterval(point)),
    'stream-interval': 30,
  },
  env: { PYTHONNOUSERSITE: '1', ...FLASHINFER_GEMM.env },
  rejects(point): Rejection | undefined {
    const { tp, isl, osl } = point;
    if (tp !== 4 && tp !== 8) return { reason: `Unrecognized TP size ${tp}!`, nearest: { tp: 8 } };
    if (tp === 8 || is8k1k(point)) return undefined;
    return { reason: `TP=4 not yet supported for ISL=${isl} OSL=${osl}!`, nearest: { tp: 8 } };
  },
};

const dsr1Fp8B200Mtp: Recipe = {
  match: { model: 'dsr1', precision: 'fp8', sku: 'b200', spec: 'mtp' },
  source: script('dsr1_fp8_b200_mtp'),
  setup: downloadModel,
  flags: {
    ...TENSOR_AND_DATA,
    ...EXPERTS,
    ...BLACKWELL,
    ...MTP,
    quantization: 'fp8',
    'fp8-gemm-backend': 'flashinfer_trtllm',
    'cuda-graph-max-bs': 512,
    'max-running-requests': 512,
    'mem-fraction-static': 0.82,
    'chunked-prefill-size': 16384,
    'max-prefill-tokens': 16384,
    'scheduler-recv-interval': recvInterval,
    'stream-interval': 30,
  },
  env: { PYTHONNOUSERSITE: '1', SGLANG_ENABLE_JIT_DEEPGEMM: 'false', ...SPEC_V2 },
  rejects: ({ tp }) =>
    tp === 8 ? undefined : { reason: `MTP only supports TP=8, got TP=${tp}!`, nearest: { tp: 8 } },
};

const dsr1Fp8H200: Recipe = {
  match: { model: 'dsr1', precision: 'fp8', sku: 'h200', spec: PLAIN },
  source: script('dsr1_fp8_h200'),
  setup: downloadModel,
  flags: {
    ...TENSOR_AND_DATA,
    ...EXPERTS_IF_ANY,
    'trust-remote-code': true,
    'disable-radix-cache': true,
    'max-running-requests': (point) => (is1k1k(point) ? 512 : 256),
    'cuda-graph-max-bs': (point) => (is1k1k(point) ? 512 : 256),
    'chunked-prefill-size': 32768,
    'max-prefill-tokens': 32768,
    'mem-fraction-static': 0.82,
    'attention-backend': 'flashinfer',
    'stream-interval': 10,
    'decode-log-interval': 1,
  },
  env: { PYTHONNOUSERSITE: '1', TORCH_CUDA_ARCH_LIST: '9.0' },
};

const dsr1Fp8Mi300x: Recipe = {
  // Its launchers ignore speculative decoding.
  match: { model: 'dsr1', precision: 'fp8', sku: 'mi300x' },
  source: script('dsr1_fp8_mi300x'),
  setup: downloadModel,
  flags: {
    ...TENSOR,
    ...EXPERTS_IF_ANY,
    ...MTP_IF_ASKED,
    ...AITER,
    'cuda-graph-max-bs': 128,
    'chunked-prefill-size': 131072,
    'max-prefill-tokens': 131072,
    'kv-cache-dtype': 'fp8_e4m3',
  },
  env: {
    SGLANG_USE_AITER: '1',
    SGLANG_AITER_MLA_PERSIST: '1',
    HSA_NO_SCRATCH_RECLAIM: (point) => (hasOldFirmware(point) ? '1' : undefined),
    ...SPEC_V2,
  },
};

const dsr1Fp8Mi325x: Recipe = {
  ...dsr1Fp8Mi300x,
  match: { ...dsr1Fp8Mi300x.match, sku: 'mi325x' },
  source: script('dsr1_fp8_mi325x'),
  env: {
    ...dsr1Fp8Mi300x.env,
    // Its script doesn't check the firmware, although RCCL and the firmware are the same.
    HSA_NO_SCRATCH_RECLAIM: (point) => (!point.strict && hasOldFirmware(point) ? '1' : undefined),
  },
};

/**
 * Limits the batch sizes of graphs: by default decode workers would capture graphs for all requests of the job in flight. Source:
 * sglang_disagg_server.sh, see `rules.ts`.
 */
const WORKER_GRAPH_BATCH = 256;

const dsr1Fp8Mi355x: Recipe = {
  match: { model: 'dsr1', precision: 'fp8', sku: 'mi355x', spec: PLAIN },
  source: script('dsr1_fp8_mi355x'),
  setup: downloadModel,
  flags: {
    ...TENSOR,
    ...EXPERTS_IF_ANY,
    ...AITER,
    'chunked-prefill-size': 196608,
    'max-prefill-tokens': 196608,
    'cuda-graph-max-bs': ({ concurrency, role }) =>
      role === 'server' ? concurrency : Math.min(concurrency, WORKER_GRAPH_BATCH),
  },
  env: { SGLANG_USE_AITER: '1', RCCL_MSCCL_ENABLE: '0', ROCM_QUICK_REDUCE_QUANTIZATION: 'INT4' },
};

/** With many requests, long prompts are split into smaller chunks. */
const fp4Prefill = (point: RecipePoint): number => (is8k1k(point) && point.concurrency > 32 ? 32768 : 196608);

const dsr1Fp4Mi355x: Recipe = {
  match: { model: 'dsr1', precision: 'fp4', sku: 'mi355x', spec: PLAIN },
  source: script('dsr1_fp4_mi355x'),
  setup: downloadModel,
  flags: {
    ...TENSOR,
    ...EXPERTS_IF_ANY,
    ...AITER,
    'chunked-prefill-size': fp4Prefill,
    'max-prefill-tokens': fp4Prefill,
    'cuda-graph-max-bs': 128,
    'kv-cache-dtype': 'fp8_e4m3',
  },
  env: { SGLANG_USE_AITER: '1', ROCM_QUICK_REDUCE_QUANTIZATION: 'INT4' },
};

/** A recipe with MTP for jobs without a script in the original. */
const withMtp = (recipe: Recipe): Recipe => ({
  ...recipe,
  match: { ...recipe.match, spec: 'mtp' },
  source: `${recipe.source}, with MTP as in dsr1_fp8_b200_mtp.sh`,
  generic: true,
  flags: { ...recipe.flags, ...MTP },
  env: { ...recipe.env, ...SPEC_V2 },
});

/** Any other model: the settings that all scripts share; the rest is left to SGLang. */
const anyModel: Recipe = {
  match: {},
  generic: true,
  source:
    "what InferenceX's scripts for SGLang have in common; SGLang docs/advanced_features/server_arguments.md",
  setup: downloadModel,
  flags: {
    ...TENSOR,
    ...EXPERTS_IF_ANY,
    ...MTP_IF_ASKED,
    'trust-remote-code': true,
    // Prompts that were served before must not be free.
    'disable-radix-cache': true,
    'attention-backend': ({ sku }) => (sku.vendor === 'amd' ? 'aiter' : undefined),
    device: ({ sku }) => (sku.device === 'cpu' ? 'cpu' : undefined),
  },
  env: {
    SGLANG_USE_AITER: ({ sku }) => (sku.vendor === 'amd' ? '1' : undefined),
    ...SPEC_V2,
  },
};

/** A recipe with everything in the original's script: nothing of the generic recipe is added. */
const complete = (recipe: Recipe): Recipe => ({ ...recipe, replaces: true });

const ofScripts: readonly Recipe[] = [
  dsr1Fp4B200,
  dsr1Fp8B200,
  dsr1Fp8B200Mtp,
  dsr1Fp8H200,
  dsr1Fp8Mi300x,
  dsr1Fp8Mi325x,
  dsr1Fp8Mi355x,
  withMtp(dsr1Fp8Mi355x),
  dsr1Fp4Mi355x,
  withMtp(dsr1Fp4Mi355x),
];

/** SGLang's settings by model, precision and device. Another model is another recipe in this file. */
export const sglangRecipes: RecipePlugin = {
  kind: 'recipes',
  name: 'sglang-recipes',
  apiVersion: 2,
  framework: 'sglang',
  recipes: [...ofScripts.map(complete), anyModel],
};
