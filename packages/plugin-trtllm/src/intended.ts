import { optionsIn, yamlData, type IntendedSetting, type Role, type ServePlan } from '@sweepline/core';

type Values = Readonly<Record<string, string>>;

/** trtllm-serve's defaults. Source: tensorrt_llm/commands/serve.py of 1.2. */
const DEFAULTS: Values = { 'tp-size': '1', 'pp-size': '1' };

/** Flags, by their names without `_`, and their names in the log. */
const FLAGS: Values = {
  'tp-size': 'tp_size',
  'pp-size': 'pp_size',
  'ep-size': 'ep_size',
  'max-batch-size': 'max_batch_size',
  'max-num-tokens': 'max_num_tokens',
  'max-seq-len': 'max_seq_len',
};
/** Sizes that it fits to memory, drafts and its overlap of steps. Source: tensorrt_llm/_torch/pyexecutor/py_executor_creator.py. */
const MOVED = /^max_/;
/** Members of the file of extra options. */
const MEMBERS = [
  'enable_attention_dp',
  'stream_interval',
  'kv_cache_config.dtype',
  'kv_cache_config.enable_block_reuse',
  'moe_config.backend',
  'cuda_graph_config.max_batch_size',
  'speculative_config.num_nextn_predict_layers',
];
const FILE_FLAGS = ['extra-llm-api-options', 'config', 'extra-engine-args'];

/** The settings that a plan's command line and file of options ask for. */
export function intended({ roles }: ServePlan): readonly IntendedSetting[] {
  const [server] = roles;
  return server === undefined ? [] : settingsOf(server);
}

export function devicesOf({ argv }: Pick<Role, 'argv'>): number {
  const options = { ...DEFAULTS, ...optionsIn(argv) };
  return Number(options['tp-size']) * Number(options['pp-size']) * Number(options['cp-size'] ?? 1);
}

/** The settings of one role, with trtllm-serve's own names. */
export function settingsOf({ argv, files }: Pick<Role, 'argv' | 'files'>): readonly IntendedSetting[] {
  const options = { ...DEFAULTS, ...optionsIn(argv) };
  const file = FILE_FLAGS.map((name) => options[name]).find((name) => name !== undefined);
  const config = yamlData(file === undefined ? undefined : files[file]);
  return [
    ...Object.entries(FLAGS).flatMap(([flag, name]) =>
      setting(name, options[flag]).map((one) =>
        MOVED.test(name) ? { ...one, severity: 'note' as const } : one,
      ),
    ),
    ...MEMBERS.flatMap((path) => setting(path, at(config, path))),
    { name: 'speculation', value: 'speculative_config' in config ? 'on' : 'off' },
  ];
}

function setting(name: string, value: unknown): readonly IntendedSetting[] {
  return ['string', 'number', 'boolean'].includes(typeof value) ? [{ name, value: String(value) }] : [];
}

function at(config: Readonly<Record<string, unknown>>, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>((data, key) => (data as Readonly<Record<string, unknown>> | undefined)?.[key], config);
}
