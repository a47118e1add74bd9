import { downloadModel, type FlagValue, type Recipe, type RecipePlugin, type Rules } from '@sweepline/core';
import { EXPERTS, QUIET, SAME_DEVICES_FOR_HIP, SCRATCH_RECLAIM, TENSOR, tightModelLen } from './rules.js';

/** Launchers of B200, H200 and MI355X choose another script for MTP; this model has none. */
const PLAIN = ['none', 'draft_model'];

const script = (name: string): string => `InferenceX benchmarks/${name}.sh at 7ee5be7`;

/** Common to the scripts for NVIDIA: asynchronous scheduling, no prefix caching. */
const NVIDIA_CONFIG: Rules<unknown> = {
  'async-scheduling': true,
  'no-enable-prefix-caching': true,
  'max-cudagraph-capture-size': 2048,
  'max-num-batched-tokens': 8192,
};
const NVIDIA_FLAGS: Rules<FlagValue> = { ...TENSOR, ...EXPERTS, ...QUIET, 'gpu-memory-utilization': 0.9 };

/** One sequence per request in flight: a higher limit only costs memory. */
const ONE_EACH: Rules<FlagValue> = { 'max-num-seqs': ({ concurrency }) => concurrency };

const gptossB200: Recipe = {
  match: { model: 'gptoss', precision: 'fp4', sku: 'b200', spec: PLAIN },
  source: script('gptoss_fp4_b200'),
  setup: downloadModel,
  flags: { ...NVIDIA_FLAGS, 'max-num-seqs': 512 },
  configFile: 'config.yaml',
  config: {
    ...NVIDIA_CONFIG,
    'kv-cache-dtype': 'fp8',
    'compilation-config': '{"pass_config":{"fuse_allreduce_rms":true,"eliminate_noops":true}}',
    'max-model-len': tightModelLen,
  },
  env: { TORCH_CUDA_ARCH_LIST: '10.0', PYTHONNOUSERSITE: '1', VLLM_USE_FLASHINFER_MOE_MXFP4_MXFP8: '1' },
};

const gptossH200: Recipe = {
  match: { model: 'gptoss', precision: 'fp4', sku: 'h200', spec: PLAIN },
  source: script('gptoss_fp4_h200'),
  setup: downloadModel,
  flags: { ...NVIDIA_FLAGS, ...ONE_EACH },
  configFile: 'config.yaml',
  config: { ...NVIDIA_CONFIG, 'max-model-len': tightModelLen },
  env: { TORCH_CUDA_ARCH_LIST: '9.0', PYTHONNOUSERSITE: '1', VLLM_MXFP4_USE_MARLIN: '1' },
};

/** Its launchers ignore spec-decoding: in the original any job runs this script. */
const gptossH100: Recipe = {
  match: { model: 'gptoss', precision: 'fp4', sku: 'h100' },
  source: script('gptoss_fp4_h100'),
  setup: downloadModel,
  flags: { ...NVIDIA_FLAGS, ...ONE_EACH },
  configFile: 'config.yaml',
  config: { ...NVIDIA_CONFIG, 'max-model-len': 10_240 },
  env: { PYTHONNOUSERSITE: '1', VLLM_MXFP4_USE_MARLIN: '1' },
  chatTemplate: false,
};

/** Common to the scripts for AMD. */
const AMD_FLAGS: Rules<FlagValue> = {
  ...TENSOR,
  ...EXPERTS,
  ...QUIET,
  'gpu-memory-utilization': 0.95,
  'max-model-len': ({ maxModelLen }) => maxModelLen,
  'block-size': 64,
  'no-enable-prefix-caching': true,
};

/** MI300X and MI325X: AITER's unified attention. Their launchers also ignore spec-decoding. */
const CDNA3: Omit<Recipe, 'match' | 'source'> = {
  setup: downloadModel,
  flags: { ...AMD_FLAGS, 'compilation-config': '{"cudagraph_mode": "FULL_AND_PIECEWISE"}' },
  env: {
    ...SCRATCH_RECLAIM,
    ...SAME_DEVICES_FOR_HIP,
    VLLM_ROCM_USE_AITER: '1',
    VLLM_ROCM_USE_AITER_UNIFIED_ATTENTION: '1',
    VLLM_ROCM_USE_AITER_MHA: '0',
  },
  chatTemplate: false,
};

const gptossMi300x: Recipe = {
  ...CDNA3,
  match: { model: 'gptoss', precision: 'fp4', sku: 'mi300x' },
  source: script('gptoss_fp4_mi300x'),
  env: { ...CDNA3.env, VLLM_ROCM_QUICK_REDUCE_QUANTIZATION: 'INT4' },
};

const gptossMi325x: Recipe = {
  ...CDNA3,
  match: { model: 'gptoss', precision: 'fp4', sku: 'mi325x' },
  source: script('gptoss_fp4_mi325x'),
};

/** first, first + step, … up to last. */
const steps = (first: number, last: number, step: number): readonly number[] =>
  Array.from({ length: Math.floor((last - first) / step) + 1 }, (_, index) => first + index * step);

/** Batch sizes that are compiled and captured in advance: all even ones up to 128, then fewer. Spaced as in the script. */
const MI355X_COMPILATION = [
  `{"compile_sizes":[${[1, ...steps(2, 128, 2), 256, 512, 1024, 2048, 8192].join(',')}]`,
  `"cudagraph_capture_sizes":[${[1, ...steps(2, 128, 2), ...steps(136, 1024, 8), 2048, 4096, 8192].join(',')}]`,
  '"cudagraph_mode": "FULL_AND_PIECEWISE"}',
].join(' , ');

const gptossMi355x: Recipe = {
  match: { model: 'gptoss', precision: 'fp4', sku: 'mi355x', spec: PLAIN },
  source: script('gptoss_fp4_mi355x'),
  setup: downloadModel,
  flags: {
    ...AMD_FLAGS,
    'max-seq-len-to-capture': ({ maxModelLen }) => maxModelLen,
    'async-scheduling': true,
  },
  configFile: 'config.yaml',
  config: { 'compilation-config': MI355X_COMPILATION },
  env: {
    VLLM_USE_AITER_UNIFIED_ATTENTION: '1',
    VLLM_ROCM_USE_AITER_MHA: '0',
    VLLM_ROCM_USE_AITER_FUSED_MOE_A16W4: '1',
  },
};

/**
 * Any other model, also on a CPU: the job's own settings, and no prefix caching, which a benchmark must not measure. Flags for GPUs are
 * left out without GPUs.
 */
const anyModel: Recipe = {
  match: {},
  source: 'Sweepline; vLLM docs/configuration/engine_args',
  generic: true,
  // On a host without a container, only vLLM itself is needed; it also downloads the model.
  setup: (point) => (point.job.image === 'host' ? [] : downloadModel(point)),
  flags: {
    ...TENSOR,
    ...EXPERTS,
    ...ONE_EACH,
    'max-model-len': ({ maxModelLen }) => maxModelLen,
    'no-enable-prefix-caching': true,
    'gpu-memory-utilization': ({ sku }) => (sku.device === 'gpu' ? 0.9 : undefined),
    'async-scheduling': ({ sku }) => (sku.device === 'gpu' ? true : undefined),
    // A draft of one token from the model's own MTP layer. Source: vLLM docs/features/spec_decode.
    'speculative-config': ({ spec }) =>
      spec === 'mtp' ? '{"method":"mtp","num_speculative_tokens":1}' : undefined,
  },
  env: { ...SCRATCH_RECLAIM, ...SAME_DEVICES_FOR_HIP },
};

/** A recipe with everything in the original's script: nothing of the generic recipe is added. */
const complete = (recipe: Recipe): Recipe => ({ ...recipe, replaces: true });

/** Recipes of a model are listed only here. */
const ofScripts: readonly Recipe[] = [
  gptossB200,
  gptossH200,
  gptossH100,
  gptossMi300x,
  gptossMi325x,
  gptossMi355x,
];

export const vllmRecipes: RecipePlugin = {
  kind: 'recipes',
  name: 'vllm-recipes',
  apiVersion: 2,
  framework: 'vllm',
  recipes: [...ofScripts.map(complete), anyModel],
};
