import {
  optionsIn,
  yamlData,
  type IntendedSetting,
  type Job,
  type Role,
  type ServePlan,
} from '@sweepline/core';
import { plainPrecision } from './precision.js';

type Values = Readonly<Record<string, string>>;

/** Source: vllm/engine/arg_utils.py and vllm/entrypoints/openai/cli_args.py of 0.13.0. */
const SHORT: Values = { tp: 'tensor-parallel-size', pp: 'pipeline-parallel-size', dp: 'data-parallel-size' };

/** vLLM's defaults for settings that its config reports. Source: EngineArgs of the same version. */
const DEFAULTS: Values = {
  'tensor-parallel-size': '1',
  'pipeline-parallel-size': '1',
  'data-parallel-size': '1',
  'kv-cache-dtype': 'auto',
  'enforce-eager': 'false',
};

const COMPARED = [
  ...Object.keys(DEFAULTS),
  'max-model-len',
  'max-num-seqs',
  'max-num-batched-tokens',
  'block-size',
  'enable-prefix-caching',
  'attention-backend',
];

/** The settings that a plan's command line, config file and environment ask for. */
export function intended({ roles }: ServePlan, job: Job): readonly IntendedSetting[] {
  const [server] = roles;
  return server === undefined ? [] : [...settingsOf(server), ...ofJob(server, job)];
}

/** Sizes that aren't numbers (8k, auto) are resolved by vLLM, as are values that depend on `auto`. */
function setting(name: string, value: string | undefined): readonly IntendedSetting[] {
  if (value === undefined || (name.startsWith('max-') && !/^\d+$/.test(value))) return [];
  return [{ name, value, ...(value === 'auto' ? { severity: 'note' as const } : {}) }];
}

/** Ranks of tensor, pipeline and prefill context parallelism per data-parallel rank. */
export function devicesOf(role: Role): number {
  const options = optionsOf(role);
  const sizes = [
    'tensor-parallel-size',
    'pipeline-parallel-size',
    'data-parallel-size',
    'prefill-context-parallel-size',
  ];
  return sizes.reduce((product, name) => product * Number(options[name] ?? 1), 1);
}

function optionsOf(role: Role): Values {
  return { ...DEFAULTS, ...fromConfig(role), ...switches(optionsIn(role.argv, SHORT)) };
}

/** The settings of one role, with vLLM's own names. */
export function settingsOf(role: Role): readonly IntendedSetting[] {
  const options = optionsOf(role);
  const backend = textOf(role.env['VLLM_ATTENTION_BACKEND']);
  const given: Values = backend === undefined ? options : { 'attention-backend': backend, ...options };
  return [
    ...COMPARED.flatMap((name) => setting(name, given[name])),
    { name: 'speculation', value: 'speculative-config' in given ? 'on' : 'off' },
    ...kvCacheSpace(role),
    ...Object.entries(role.env)
      .filter(([name]) => name.startsWith('VLLM_'))
      .map(([name, value]) => ({ name: `env ${name}`, value: textOf(value) ?? '(known at the launch)' })),
  ];
}

function ofJob({ argv }: Role, job: Job): readonly IntendedSetting[] {
  const model = argv[argv.indexOf('serve') + 1];
  return [
    ...(typeof model === 'string' ? [{ name: 'model', value: model }] : []),
    { name: 'precision', value: plainPrecision(job.precision) },
  ];
}

/** `--no-x` turns x off. */
function switches(options: Values): Values {
  const entries = Object.entries(options).map(([name, value]) => {
    const off = /^no-(enable-.*|enforce-eager|async-scheduling)$/.exec(name)?.[1];
    return off === undefined ? [name, value] : [off, 'false'];
  });
  return Object.fromEntries(entries) as Values;
}

/** The file of `--config`; the command line overrides its settings. */
function fromConfig({ argv, files }: Role): Values {
  const file = optionsIn(argv)['config'];
  if (file === undefined) return {};
  const entries = Object.entries(yamlData(files[file])).map(([name, value]) => [name, String(value)]);
  return switches(Object.fromEntries(entries) as Values);
}

/** GiB of a CPU's KV cache, which vLLM reports in bytes. Source: vllm/platforms/cpu.py of 0.13.0. */
function kvCacheSpace({ env }: Role): readonly IntendedSetting[] {
  const gib = Number(textOf(env['VLLM_CPU_KVCACHE_SPACE']));
  return gib > 0 ? [{ name: 'cpu-kvcache-space', value: String(gib * 2 ** 30) }] : [];
}

function textOf(value: Role['env'][string] | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
