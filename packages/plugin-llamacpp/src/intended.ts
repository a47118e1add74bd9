import { optionsIn, type IntendedSetting, type Job, type ServePlan } from '@sweepline/core';

/** llama-server's short names. Source: common/arg.cpp of ggml-org/llama.cpp at 7e4c0a9. */
const SHORT: Readonly<Record<string, string>> = {
  m: 'model',
  c: 'ctx-size',
  np: 'parallel',
  b: 'batch-size',
  t: 'threads',
  fa: 'flash-attn',
  ctk: 'cache-type-k',
  ctv: 'cache-type-v',
  md: 'model-draft',
  'spec-draft-model': 'model-draft',
};

/** Variables that replace a missing flag. Source: the same file. */
const VARIABLES: Readonly<Record<string, string>> = {
  LLAMA_ARG_CTX_SIZE: 'ctx-size',
  LLAMA_ARG_N_PARALLEL: 'parallel',
  LLAMA_ARG_BATCH: 'batch-size',
  LLAMA_ARG_THREADS: 'threads',
  LLAMA_ARG_FLASH_ATTN: 'flash-attn',
  LLAMA_ARG_CACHE_TYPE_K: 'cache-type-k',
  LLAMA_ARG_CACHE_TYPE_V: 'cache-type-v',
};

/** llama-server's defaults that matter to a benchmark. */
const DEFAULTS: Readonly<Record<string, string>> = { 'cache-type-k': 'f16', 'cache-type-v': 'f16' };

const COMPARED = [
  'model',
  'ctx-size',
  'parallel',
  'batch-size',
  'threads',
  'flash-attn',
  'cache-type-k',
  'cache-type-v',
  'seed',
];

/** The settings that the server's command line and environment ask for. */
export function intended({ roles }: ServePlan, job: Job): readonly IntendedSetting[] {
  const [{ argv, env } = { argv: [], env: {} }] = roles;
  const options = { ...DEFAULTS, ...fromEnvironment(env), ...optionsIn(argv, SHORT) };
  const settings = COMPARED.flatMap((name) => {
    const value = options[name];
    return value === undefined || (name === 'ctx-size' && value === '0')
      ? []
      : [{ name, value: plain(name, value) }];
  });
  return [
    ...settings,
    ...slotContext(options),
    { name: 'speculation', value: 'model-draft' in options || 'spec-type' in options ? 'on' : 'off' },
    { name: 'precision', value: job.precision },
  ];
}

function fromEnvironment(env: ServePlan['roles'][number]['env']): Readonly<Record<string, string>> {
  const given = Object.entries(VARIABLES).flatMap(([variable, name]) => {
    const value = env[variable];
    return typeof value === 'string' ? [[name, value] as const] : [];
  });
  return Object.fromEntries(given);
}

/** `on` and `1` are `enabled` in the log. */
function plain(name: string, value: string): string {
  if (name !== 'flash-attn') return value;
  if (['on', '1', 'true'].includes(value)) return 'enabled';
  return ['off', '0', 'false'].includes(value) ? 'disabled' : value;
}

/** The context is divided among the slots. */
function slotContext(options: Readonly<Record<string, string>>): readonly IntendedSetting[] {
  const [size, slots] = [Number(options['ctx-size']), Number(options['parallel'])];
  if (!(size > 0 && slots > 0) || 'kv-unified' in options) return [];
  return [{ name: 'ctx-per-slot', value: String(Math.floor(size / slots)) }];
}
