import {
  downloadModel,
  type ProcessSpec,
  type Recipe,
  type RecipePlugin,
  type RecipePoint,
} from '@sweepline/core';
import { namesSpeculation } from './options.js';
import {
  COMMON,
  DEEPSEEK,
  LEAST_LENGTH,
  MOST_REQUESTS,
  MTP,
  NO_USER_SITE,
  RAISED,
  SERVE,
  SERVE_IN_FULL,
  exactly,
  graphs,
  inFlight,
  inFlightOf,
  kvCache,
  moe,
  mtpTokens,
  piecewise,
  promptTokens,
} from './rules.js';

/** Launchers choose another script for MTP, and the plain one for everything else. */
const PLAIN = ['none', 'draft_model'];

const script = (name: string): string => `InferenceX benchmarks/${name}.sh at 7ee5be7`;

type Shape = '1k1k' | '1k8k' | '8k1k' | 'other';
const SHAPES: Readonly<Record<string, Shape>> = {
  '1024/1024': '1k1k',
  '1024/8192': '1k8k',
  '8192/1024': '8k1k',
};
const shapeOf = ({ isl, osl }: RecipePoint): Shape => SHAPES[`${isl}/${osl}`] ?? 'other';
const is = (shape: Shape, point: RecipePoint): boolean => shapeOf(point) === shape;

/** In FP4 with data-parallel attention, a device has room for a quarter of the requests. */
const fp4Batch = (point: RecipePoint): number => (point.dpAttn ? inFlightOf(4) : inFlight)(point);
const fp4Moe = ({ dpAttn }: RecipePoint): string => (dpAttn ? 'CUTLASS' : 'TRTLLM');

const dsr1Fp4B200: Recipe = {
  match: { model: 'dsr1', precision: 'fp4', sku: 'b200', spec: PLAIN },
  source: script('dsr1_fp4_b200_trt'),
  setup: downloadModel,
  flags: { ...SERVE, ...RAISED.flags },
  env: RAISED.env,
  configFile: 'dsr1-fp4.yml',
  config: {
    ...DEEPSEEK,
    ...graphs(fp4Batch),
    ...kvCache('fp8', 0.8),
    ...moe(fp4Moe),
    ...piecewise(
      (point) => is('1k1k', point) && point.tp === 8 && point.ep === 8,
      promptTokens,
      // The list in its script's comment includes the largest step, like those in the other scripts.
      ({ strict }) => !strict,
    ),
  },
};

/** Where piecewise CUDA graphs pay off with MTP in FP4. */
function fp4MtpPiecewise(point: RecipePoint): boolean {
  const { concurrency: c, dpAttn } = point;
  if (is('1k8k', point)) return c === 64;
  return is('1k1k', point) && (c === 32 || c === 64 || (c === 128 && !dpAttn));
}

const dsr1Fp4B200Mtp: Recipe = {
  match: { model: 'dsr1', precision: 'fp4', sku: 'b200', spec: 'mtp' },
  source: script('dsr1_fp4_b200_trt_mtp'),
  setup: downloadModel,
  flags: { ...SERVE, ...exactly(fp4Batch) },
  configFile: 'dsr1-fp4-mtp.yml',
  config: {
    ...DEEPSEEK,
    ...MTP,
    ...graphs(fp4Batch),
    ...kvCache('fp8', 0.8),
    ...moe(fp4Moe),
    ...piecewise(fp4MtpPiecewise, mtpTokens(fp4Batch)),
  },
};

/** Long outputs of many requests, which the matrix runs with data-parallel attention; its script doesn't check for it. */
const isManyLong = (point: RecipePoint): boolean => is('1k8k', point) && point.concurrency >= 256;
const isManyShort = (point: RecipePoint): boolean => is('1k1k', point) && point.concurrency >= 64;

function fp8KvFraction(point: RecipePoint): number {
  if (isManyLong(point)) return 0.7;
  return is('8k1k', point) && point.tp === 4 ? 0.75 : 0.8;
}

/** Where piecewise CUDA graphs pay off without MTP in FP8. */
function fp8Piecewise(point: RecipePoint): boolean {
  const { concurrency: c } = point;
  if (is('1k8k', point)) return c >= 128 && c < 256;
  return isManyShort(point) || (is('8k1k', point) && c >= 64);
}

const dsr1Fp8B200: Recipe = {
  match: { model: 'dsr1', precision: 'fp8', sku: 'b200', spec: PLAIN },
  source: script('dsr1_fp8_b200_trt'),
  setup: downloadModel,
  flags: { ...SERVE, ...RAISED.flags },
  // The model's 61 layers without the MTP layer: the script thus avoids running out of memory.
  env: { ...RAISED.env, TLLM_OVERRIDE_LAYER_NUM: '61' },
  configFile: 'dsr1-fp8.yml',
  config: {
    ...DEEPSEEK,
    ...graphs((point) => (isManyLong(point) ? inFlightOf(8) : inFlight)(point)),
    ...kvCache('fp8', fp8KvFraction),
    ...moe((point) => (isManyLong(point) ? 'DEEPGEMM' : 'TRTLLM')),
    ...piecewise(fp8Piecewise, promptTokens),
    // Prompts wait until they fill 0.8 of a step, at most 40 steps.
    batch_wait_timeout_iters: (point: RecipePoint) => (isManyShort(point) ? 40 : undefined),
    batch_wait_max_tokens_ratio: (point: RecipePoint) => (isManyShort(point) ? 0.8 : undefined),
  },
};

/** The most requests in flight for which piecewise CUDA graphs don't pay off with MTP in FP8. */
const FP8_MTP_TOO_FEW: Readonly<Record<Shape, number>> = { '1k1k': 4, '1k8k': 8, '8k1k': 16, other: 0 };

/** Batch size of graphs in FP8 with MTP: an eighth of the requests with data-parallel attention. */
const fp8MtpBatch = (point: RecipePoint): number => (point.dpAttn ? inFlightOf(8) : inFlight)(point);

const dsr1Fp8B200Mtp: Recipe = {
  match: { model: 'dsr1', precision: 'fp8', sku: 'b200', spec: 'mtp' },
  source: script('dsr1_fp8_b200_trt_mtp'),
  setup: downloadModel,
  flags: { ...SERVE, ...exactly(fp8MtpBatch) },
  // The newer MoE backend communicates better.
  env: { ENABLE_CONFIGURABLE_MOE: ({ dpAttn }) => (dpAttn ? '1' : undefined) },
  configFile: 'dsr1-fp8-mtp.yml',
  config: {
    ...DEEPSEEK,
    ...MTP,
    ...graphs(fp8MtpBatch),
    ...kvCache('fp8', ({ dpAttn }) => (dpAttn ? 0.7 : 0.8)),
    ...moe(({ dpAttn }) => (dpAttn ? 'DEEPGEMM' : 'TRTLLM')),
    ...piecewise(
      (point) => !point.dpAttn && point.concurrency > FP8_MTP_TOO_FEW[shapeOf(point)],
      mtpTokens(fp8MtpBatch),
    ),
  },
};

/** Common to both scripts for DeepSeek R1 on H200: graphs for batches of 128, whatever the number of requests. */
const DSR1_H200 = { ...DEEPSEEK, ...graphs(128), ...kvCache('fp8', 0.75), ...moe('CUTLASS') };

const dsr1Fp8H200: Recipe = {
  match: { model: 'dsr1', precision: 'fp8', sku: 'h200', spec: PLAIN },
  source: script('dsr1_fp8_h200_trt'),
  setup: downloadModel,
  flags: { ...SERVE, ...RAISED.flags },
  env: { ...RAISED.env, ...NO_USER_SITE },
  configFile: 'dsr1-fp8.yml',
  config: DSR1_H200,
};

/** A device's share of the requests; its script rounds down to 0 if there are fewer requests than devices. */
function h200MtpBatch(point: RecipePoint): number {
  const all = inFlight(point);
  const part = Math.floor(all / point.tp);
  if (!point.dpAttn) return all;
  return point.strict ? part : Math.max(part, 1);
}

const dsr1Fp8H200Mtp: Recipe = {
  match: { model: 'dsr1', precision: 'fp8', sku: 'h200', spec: 'mtp' },
  source: script('dsr1_fp8_h200_trt_mtp'),
  setup: downloadModel,
  flags: { ...SERVE, ...exactly(h200MtpBatch) },
  env: {
    ...NO_USER_SITE,
    // Long prompts on each device fragment the memory.
    PYTORCH_CUDA_ALLOC_CONF: ({ isl, dpAttn }) =>
      isl === 8192 && dpAttn ? 'max_split_size_mb:8192' : undefined,
  },
  configFile: 'dsr1-fp8-mtp.yml',
  config: { ...DSR1_H200, ...MTP },
};

/** Common to both scripts for gpt-oss: separate processes send tokens, in packets of 20. */
const GPTOSS = { ...COMMON, ...graphs(inFlight), stream_interval: 20, num_postprocess_workers: 4 };
const GPTOSS_TOKENS = 20_000;
/** Kernels start before those that they depend on have ended. */
const GPTOSS_ENV = { TRTLLM_ENABLE_PDL: '1' };

const gptossFp4B200: Recipe = {
  match: { model: 'gptoss', precision: 'fp4', sku: 'b200', spec: PLAIN },
  source: script('gptoss_fp4_b200_trt'),
  setup: downloadModel,
  flags: {
    ...SERVE,
    max_batch_size: MOST_REQUESTS,
    max_seq_len: ({ maxModelLen }) => maxModelLen,
    max_num_tokens: GPTOSS_TOKENS,
  },
  env: {
    ...GPTOSS_ENV,
    // With data-parallel attention tokens are sent to their experts over NVLink, unless each device has a part of every expert.
    TRTLLM_FORCE_ALLTOALL_METHOD: ({ dpAttn, ep }) =>
      dpAttn ? (ep > 1 ? 'MNNVL' : 'NotEnabled') : undefined,
    TRTLLM_MOE_ALLTOALL_BACKEND: ({ dpAttn, ep }) => (dpAttn && ep > 1 ? 'mnnvlthroughput' : undefined),
    TRTLLM_MOE_A2A_WORKSPACE_MB: ({ dpAttn, ep }) => (dpAttn && ep > 1 ? '2048' : undefined),
  },
  configFile: 'gptoss-fp4.yml',
  config: {
    ...GPTOSS,
    ...kvCache('fp8', 0.85),
    ...moe('TRTLLM'),
    attention_dp_config: ({ dpAttn }: RecipePoint) => (dpAttn ? { enable_balance: true } : undefined),
  },
};

/** The release for gpt-oss has a bug in this line of this file, so the line is deleted. */
const GPTOSS_BUG = '/usr/local/lib/python3.12/dist-packages/tensorrt_llm/executor/result.py';
const repair = ({ strict, job }: RecipePoint): readonly ProcessSpec[] =>
  strict || job.image.includes('gpt-oss-dev') ? [{ argv: ['sed', '-i', '417d', GPTOSS_BUG] }] : [];

const gptossFp4H200: Recipe = {
  match: { model: 'gptoss', precision: 'fp4', sku: 'h200', spec: PLAIN },
  source: script('gptoss_fp4_h200_trt'),
  setup: (point) => [...repair(point), ...downloadModel(point)],
  flags: { ...SERVE_IN_FULL, max_batch_size: inFlight, max_num_tokens: GPTOSS_TOKENS },
  env: { ...GPTOSS_ENV, ...NO_USER_SITE },
  configFile: 'gptoss-config.yml',
  config: { ...GPTOSS, ...kvCache('auto', 0.85), ...moe('TRITON') },
};

/** Models, by the config's `model-prefix:`, that have MTP layers but no recipe of their own on some GPUs. */
const HAVE_MTP_LAYERS: readonly string[] = ['dsr1'];

/** Any other model: the settings that the scripts share; the rest is left to TensorRT-LLM. */
const anyModel: Recipe = {
  match: {},
  generic: true,
  source:
    "what InferenceX's scripts for TensorRT-LLM have in common; TensorRT-LLM tensorrt_llm/llmapi/llm_args.py",
  setup: downloadModel,
  flags: {
    ...SERVE,
    max_batch_size: inFlight,
    max_seq_len: ({ maxModelLen }) => maxModelLen,
    max_num_tokens: (point) => Math.max(mtpTokens(inFlight)(point), LEAST_LENGTH),
  },
  config: {
    ...DEEPSEEK,
    ...MTP,
    ...graphs(inFlight),
    ...kvCache('auto', 0.8),
  },
  rejects({ job, spec, options }) {
    const model = job['model-prefix'];
    if (spec !== 'mtp' || HAVE_MTP_LAYERS.includes(model) || namesSpeculation(options)) return undefined;
    return {
      reason: `${model} is not known to have MTP layers`,
      nearest: { 'spec-decoding': 'none' },
    };
  },
};

/** A recipe with everything in the original's script: nothing of the generic recipe is added. */
const complete = (recipe: Recipe): Recipe => ({ ...recipe, replaces: true });

const ofScripts: readonly Recipe[] = [
  dsr1Fp4B200,
  dsr1Fp4B200Mtp,
  dsr1Fp8B200,
  dsr1Fp8B200Mtp,
  dsr1Fp8H200,
  dsr1Fp8H200Mtp,
  gptossFp4B200,
  gptossFp4H200,
];

/** TensorRT-LLM's settings by model, precision and device. Another model is another recipe in this file. */
export const trtllmRecipes: RecipePlugin = {
  kind: 'recipes',
  name: 'trtllm-recipes',
  apiVersion: 2,
  framework: 'trtllm',
  recipes: [...ofScripts.map(complete), anyModel],
};
