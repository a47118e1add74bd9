import { flagArguments, yamlText, type FlagValue, type WorkerSettings } from '@sweepline/core';
import { settingOf, type WorkerRole } from '../jobs.js';
import type { WorkerCommand, WorkerStart } from './backend.js';
import { disaggregationMode } from './phase.js';

/**
 * Flags of trtllm-serve and their names in `dynamo.trtllm`.
 * Source: dynamo/trtllm/backend_args.py of ai-dynamo 1.4.2 and dynamo/trtllm/utils/trtllm_utils.py of 0.8.1.post3.
 */
const FLAG_OF: Readonly<Record<string, string>> = {
  tp_size: 'tensor-parallel-size',
  pp_size: 'pipeline-parallel-size',
  ep_size: 'expert-parallel-size',
  max_batch_size: 'max-batch-size',
  max_num_tokens: 'max-num-tokens',
  max_seq_len: 'max-seq-len',
  max_beam_width: 'max-beam-width',
  kv_cache_free_gpu_memory_fraction: 'free-gpu-memory-fraction',
  gpus_per_node: 'gpus-per-node',
};
/** Flags that only trtllm-serve has: the config file, which is written here, and the address to listen on. */
const SERVER_FLAGS = ['extra_llm_api_options', 'config', 'host', 'port'];

/** A worker's `additional-settings:`, after its role's prefix. Source: configs/nvidia/gptoss-gb200-dynamo-trt.yaml. */
const SETTINGS: Readonly<Record<string, string>> = {
  MAX_NUM_TOKENS: 'max-num-tokens',
  MAX_BATCH_SIZE: 'max-batch-size',
};
const KV_CACHE = 'kv_cache_config';

/**
 * `dynamo.trtllm` with its engine's config in a file. Over several nodes each rank is wrapped by trtllm-llmapi-launch.
 * Source: examples/backends/trtllm/engine_configs and examples/basics/multinode/trtllm of Dynamo at b6f88b1.
 */
export function trtllm(start: WorkerStart): WorkerCommand {
  const { context, role, model, place, settings } = start;
  const file = `dynamo-${role}.yaml`;
  return {
    argv: [
      ...(place.nodes > 1 ? ['trtllm-llmapi-launch'] : []),
      ...[context.options.python, '-m', 'dynamo.trtllm'],
      ...flagArguments({
        'model-path': model,
        'served-model-name': context.job.model,
        ...knownFlags(settings),
        ...configured(start),
        ...disaggregationMode(role),
        'extra-engine-args': file,
      }),
    ],
    env: settings.env,
    files: { [file]: yamlText(engineConfig(start)) },
    ports: [],
  };
}

function knownFlags({ flags }: WorkerSettings): Readonly<Record<string, FlagValue>> {
  return Object.fromEntries(
    Object.entries(flags).flatMap(([name, value]) => {
      const known = FLAG_OF[name];
      return known === undefined ? [] : [[known, value]];
    }),
  );
}

/** Other flags of trtllm-serve are members of the engine's config. */
function otherFlags({ flags }: WorkerSettings): Readonly<Record<string, FlagValue>> {
  return Object.fromEntries(
    Object.entries(flags).filter(([name]) => FLAG_OF[name] === undefined && !SERVER_FLAGS.includes(name)),
  );
}

/** Members of this file override flags. */
function engineConfig(start: WorkerStart): Readonly<Record<string, unknown>> {
  const { settings, role, context } = start;
  const fraction = configuredValue(start, 'GPU_MEM_FRACTION');
  const cache = settings.config[KV_CACHE] as object | undefined;
  return {
    ...otherFlags(settings),
    ...settings.config,
    ...(fraction === undefined
      ? {}
      : { [KV_CACHE]: { ...cache, free_gpu_memory_fraction: Number(fraction) } }),
    ...transfer(role, context),
  };
}

function configured(start: WorkerStart): Readonly<Record<string, FlagValue>> {
  return Object.fromEntries(
    Object.entries(SETTINGS).flatMap(([name, flag]) => {
      const value = configuredValue(start, name);
      return value === undefined ? [] : [[flag, value]];
    }),
  );
}

/** Workers for both phases are configured by the config's decode section. */
function configuredValue({ role, worker }: WorkerStart, name: string): string | undefined {
  return settingOf(worker, `${role === 'prefill' ? 'PREFILL' : 'DECODE'}_${name}`);
}

/** Prefill can't overlap scheduling, and buffers must hold the longest prompt. */
function transfer(
  role: WorkerRole,
  { point, job }: WorkerStart['context'],
): Readonly<Record<string, unknown>> {
  if (role === 'server') return {};
  const longest = point?.isl ?? ('isl' in job ? job.isl : 0);
  return {
    ...(role === 'prefill' ? { disable_overlap_scheduler: true } : {}),
    cache_transceiver_config: { backend: 'DEFAULT', max_tokens_in_buffer: Math.max(8192, 2 * longest) },
  };
}
