import { stripVTControlCharacters } from 'node:util';
import {
  answerOf,
  pythonSettings,
  settingsInLogs,
  type EffectiveSetting,
  type EngineOutput,
} from '@sweepline/core';
import { precisionOf } from './precision.js';

/** Prometheus text in which vLLM reports the configuration of its KV cache. */
export const METRICS_PATH = '/metrics';
type Values = Readonly<Record<string, string>>;

/**
 * Where vLLM logs its version: in a line of its own until 0.14; since 0.15 next to its logo or, without a logo (VLLM_DISABLE_LOG_LOGO),
 * before the model. Source: vllm/entrypoints/openai/api_server.py of 0.14.0, vllm/entrypoints/utils.py of 0.15.0 and 0.17.0.
 */
const VERSION = /(?:vLLM (?:API )?server|█ ) version (\d[^\s,]*)/;

/** Settings whose names in vLLM's config differ from those of the flags. */
const FLAG_OF: Values = { max_seq_len: 'max-model-len' };

/**
 * Flags whose default is none: if one isn't among the arguments, it wasn't given. Source: EngineArgs in vllm/engine/arg_utils.py of 0.13.0.
 */
const WITHOUT_DEFAULT = ['max-num-seqs', 'max-num-batched-tokens'];
const NOT_GIVEN = 'its default';
/** The config has the resulting length, and a line of its own the backend in use, whoever chose it. */
const SAID_BELOW = ['max-model-len', 'attention-backend'];

/** The settings that vLLM reports, under the names of the flags: its arguments, its config, its cache and its backends. */
export function effective({ logs, http }: EngineOutput): readonly EffectiveSetting[] {
  const plain = logs.map((log) => ({ ...log, text: stripVTControlCharacters(log.text) }));
  return [
    ...settingsInLogs(plain, 'its version', versionIn),
    ...settingsInLogs(plain, '"non-default args"', argumentsIn),
    ...settingsInLogs(plain.flatMap(byEngine), '"Initializing … LLM engine"', configIn),
    ...settingsInLogs(plain, '"attention backend"', attentionIn),
    ...settingsInLogs(plain, '"Unknown vLLM environment variable"', unknownVariablesIn),
    ...cacheIn(answerOf(http, METRICS_PATH) ?? ''),
  ];
}

function versionIn(log: string): Values {
  const version = VERSION.exec(log)?.[1];
  return version === undefined ? {} : { 'engine-version': version };
}

/** `non-default args: {'max_model_len': 2068, …}`. Settings that are None are left out. */
function argumentsIn(log: string): Values {
  const start = /non-default args: \{/.exec(log);
  if (start === null) return {};
  const given = named(pythonSettings(log.slice(start.index + start[0].length), ': '));
  const others = Object.entries(given).filter(([name]) => !SAID_BELOW.includes(name));
  const absent = WITHOUT_DEFAULT.filter((name) => !(name in given));
  return Object.fromEntries([...others, ...absent.map((name) => [name, NOT_GIVEN] as const)]);
}

/** With data parallelism each engine of a process has its own line. */
function byEngine(log: EngineOutput['logs'][number]): EngineOutput['logs'] {
  const lines = log.text.split('\n').filter((line) => line.includes(' LLM engine (v'));
  return lines.map((text) => ({ ...log, text }));
}

/** `Initializing a V1 LLM engine (v0.13.0) with config: model='…', …`: VllmConfig.__str__ in vllm/config/vllm.py of 0.13.0. */
function configIn(log: string): Values {
  const start = /Initializing an? (?:V\d )?LLM engine \(v([^)]+)\) with config: /.exec(log);
  if (start === null) return {};
  const [line = ''] = log.slice(start.index + start[0].length).split('\n', 1);
  // The list of settings ends with the line, not with a bracket.
  const {
    'speculative-config': speculation,
    model = '',
    ...settings
  } = named(pythonSettings(`${line})`, '='));
  const dtype = settings['dtype']?.replace('torch.', '');
  return {
    ...settings,
    model: repositoryOf(model),
    ...(dtype === undefined ? {} : { dtype }),
    ...precisionOf(settings['quantization'], dtype),
    speculation: speculation === undefined ? 'off' : 'on',
    ...(speculation === undefined ? {} : { 'speculative-config': speculation }),
  };
}

/** Offline, vLLM replaces a model's name by its folder in the Hugging Face cache. Source: seen with 0.13.0. */
function repositoryOf(model: string): string {
  const cached = /\/models--([^/]+)\/snapshots\/[^/]+\/?$/.exec(model)?.[1];
  return cached === undefined ? model : cached.replace('--', '/');
}

function named(settings: Values): Values {
  return Object.fromEntries(
    Object.entries(settings).map(([name, value]) => [FLAG_OF[name] ?? name.replaceAll('_', '-'), value]),
  );
}

/** `Using FLASH_ATTN attention backend out of potential backends: …`. Source: vllm/platforms/cuda.py of 0.13.0. */
function attentionIn(log: string): Values {
  const name = /Using (\w+) attention backend/.exec(log)?.[1];
  return name === undefined ? {} : { 'attention-backend': name };
}

/** A variable that a plan sets and this version doesn't read. Source: vllm/envs.py of 0.14.0. */
function unknownVariablesIn(log: string): Values {
  const names = [...log.matchAll(/Unknown vLLM environment variable detected: (\w+)/g)];
  return Object.fromEntries(names.map(([, name = '']) => [`env ${name}`, 'unknown to this version']));
}

/** Labels of `vllm:cache_config_info`. Source: CacheConfig.metrics_info in vllm/config/cache.py of 0.13.0. */
const CACHE_LABELS: Values = {
  block_size: 'block-size',
  cpu_kvcache_space_bytes: 'cpu-kvcache-space',
  enable_prefix_caching: 'enable-prefix-caching',
  cache_dtype: 'kv-cache-dtype',
};

function cacheIn(metrics: string): readonly EffectiveSetting[] {
  const engines = [...metrics.matchAll(/^vllm:cache_config_info\{(.*)\}/gm)];
  return engines.flatMap(([, labels = '']) =>
    [...labels.matchAll(/(\w+)="([^"]*)"/g)].flatMap(([, label = '', value = '']) => {
      const name = CACHE_LABELS[label];
      return name === undefined || value === 'None' ? [] : [{ name, value, from: METRICS_PATH }];
    }),
  );
}
