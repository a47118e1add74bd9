import type { FlagValue, Recipe, RecipePoint, Rule, Rules, Text } from '@sweepline/core';

type Config = Rules<unknown>;
type Numbers = (point: RecipePoint) => number;

/** The value of a rule at a point. */
function at<T>(rule: Rule<T>, point: RecipePoint): T {
  return typeof rule === 'function' ? (rule as (of: RecipePoint) => T)(point) : rule;
}

const anyAddress = ({ role }: RecipePoint): FlagValue | undefined =>
  role === 'server' ? '0.0.0.0' : undefined;

/** Flags that every script passes. Scripts leave the address to trtllm-serve, whose `localhost` is not reachable from other nodes. */
export const SERVE: Rules<FlagValue> = {
  host: (point) => (point.strict ? undefined : anyAddress(point)),
  trust_remote_code: true,
  backend: 'pytorch',
  tp_size: ({ tp }) => tp,
  ep_size: ({ ep }) => ep,
  pp_size: ({ pp, strict }) => (pp > 1 && !strict ? pp : undefined),
};

/** For the one script that sets what the others leave to defaults. Source: InferenceX benchmarks/gptoss_fp4_h200_trt.sh at 7ee5be7. */
export const SERVE_IN_FULL: Rules<FlagValue> = {
  ...SERVE,
  host: anyAddress,
  gpus_per_node: ({ sku }) => sku.devicesPerNode,
  pp_size: ({ pp, strict }) => (strict ? 1 : pp),
};

/**
 * Requests in flight per engine. Workers share those of the job, so each captures graphs for at most the number that gptoss_fp4_b200_trt.sh
 * sets for a server.
 */
export const MOST_REQUESTS = 512;
export const inFlight: Numbers = ({ role, concurrency }) =>
  role === 'server' ? concurrency : Math.min(concurrency, MOST_REQUESTS);

/** Requests per part of the engine; a number below that of the parts is not divided. */
export const inFlightOf =
  (parts: number): Numbers =>
  (point) => {
    const all = inFlight(point);
    return all < parts ? all : Math.floor(all / parts);
  };

/** Steps have room for these tokens and at least 64 more, rounded up to a multiple of 64. */
const roomFor = (tokens: number): number => Math.floor((tokens + 127) / 64) * 64;

/** Scripts without MTP raise shorter lengths to these. Source: InferenceX benchmarks/dsr1_fp{4,8}_*_trt.sh at 7ee5be7. */
export const LEAST_LENGTH = 8192;

/** A step has room for one whole prompt and one token of each request. */
export const promptTokens: Numbers = (point) => Math.max(roomFor(inFlight(point) + point.isl), LEAST_LENGTH);

export const RAISED: Required<Pick<Recipe, 'flags' | 'env'>> = {
  flags: {
    max_seq_len: ({ maxModelLen }) => Math.max(maxModelLen, LEAST_LENGTH),
    max_num_tokens: promptTokens,
  },
  env: {
    // A variable that came with the job and that the script calculates with; nothing reads it.
    MAX_MODEL_LEN: ({ strict, maxModelLen }) =>
      strict && maxModelLen < LEAST_LENGTH ? String(LEAST_LENGTH) : undefined,
  },
};

/** Tokens drafted per step: with data-parallel attention the batch is large enough to keep the GPU busy without many. */
const mtpLayers: Numbers = ({ spec, dpAttn }) => (spec !== 'mtp' ? 0 : dpAttn ? 1 : 3);

/** A step has room for one whole prompt, and for the drafted tokens and one more of each request. */
export const mtpTokens =
  (batch: Numbers): Numbers =>
  (point) =>
    roomFor((mtpLayers(point) + 1) * batch(point) + point.isl);

/** No longer than the job: MTP scripts don't raise lengths. Source: InferenceX benchmarks/dsr1_fp{4,8}_*_trt_mtp.sh at 7ee5be7. */
export const exactly = (batch: Numbers): Rules<FlagValue> => ({
  max_batch_size: batch,
  max_seq_len: ({ maxModelLen }) => maxModelLen,
  max_num_tokens: mtpTokens(batch),
});

/** Drafts with the model's own MTP layers, if the job asks for it. */
export const MTP: Config = {
  speculative_config: (point: RecipePoint) =>
    point.spec === 'mtp' ? { decoding_type: 'MTP', num_nextn_predict_layers: mtpLayers(point) } : undefined,
};

/** In every script: iterations in the log. */
export const COMMON: Config = {
  enable_attention_dp: ({ dpAttn }: RecipePoint) => dpAttn,
  print_iter_log: true,
};

/** Graphs for batches up to this size; smaller batches are padded. */
export const graphs = (batch: Rule<number>): Config => ({
  cuda_graph_config: (point: RecipePoint) => ({ enable_padding: true, max_batch_size: at(batch, point) }),
});

/** No block reuse: prompts that were served before must not be free. */
export const kvCache = (dtype: string, fraction: Rule<number>): Config => ({
  kv_cache_config: (point: RecipePoint) => ({
    dtype,
    free_gpu_memory_fraction: at(fraction, point),
    enable_block_reuse: false,
  }),
});

export const moe = (backend: Rule<string>): Config => ({
  moe_config: (point: RecipePoint) => ({ backend: at(backend, point) }),
});

/** Data-parallel attention waits up to 60 steps for prompts on all its devices. */
const ATTENTION_DP: Config = {
  attention_dp_config: ({ dpAttn }: RecipePoint) =>
    dpAttn ? { batching_wait_iters: 0, enable_balance: true, timeout_iters: 60 } : undefined,
};

/** Common to all scripts for DeepSeek R1. */
export const DEEPSEEK: Config = { ...COMMON, ...ATTENTION_DP, stream_interval: 10 };

/** Token counts for which piecewise CUDA graphs are captured: small intervals for decoding, then every 256 tokens. */
function captured(tokens: number, withRemainder: boolean): readonly number[] {
  const powers = Array.from({ length: 8 }, (_, exponent) => 2 ** exponent);
  const steps = Array.from({ length: Math.floor(tokens / 256) }, (_, index) => 256 * (index + 1));
  return [...powers, ...steps, ...(withRemainder && tokens % 256 !== 0 ? [tokens] : [])];
}

/** Piecewise CUDA graphs, around attention, for steps with prompts. */
export const piecewise = (
  when: (point: RecipePoint) => boolean,
  tokens: Numbers,
  /** Whether the largest step has a graph even if it is not a multiple of 256. */
  withRemainder: Rule<boolean> = true,
): Config => ({
  torch_compile_config: (point: RecipePoint) =>
    when(point)
      ? {
          capture_num_tokens: captured(tokens(point), at(withRemainder, point)),
          enable_piecewise_cuda_graph: true,
        }
      : undefined,
});

/** Packages in the user's home must not hide those of the image. */
export const NO_USER_SITE: Rules<Text> = { PYTHONNOUSERSITE: '1' };
