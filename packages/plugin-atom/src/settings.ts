import {
  optionsIn,
  pythonSettings,
  settingsInLogs,
  type EffectiveSetting,
  type EngineOutput,
  type IntendedSetting,
  type Role,
  type ServePlan,
} from '@sweepline/core';

type Values = Readonly<Record<string, string>>;

/** Precisions that ATOM serves, with the names that configs use. */
export const PRECISIONS = ['bf16', 'fp16', 'fp8', 'fp4', 'int8', 'int4'];

/** Source: atom/model_engine/arg_utils.py of ROCm/ATOM. */
const SHORT: Values = { tp: 'tensor-parallel-size', dp: 'data-parallel-size' };
const DEFAULTS: Values = { 'tensor-parallel-size': '1' };
const COMPARED = [
  'tensor-parallel-size',
  'kv-cache-dtype',
  'max-model-len',
  'block-size',
  'enable-expert-parallel',
];
/** Settings whose names in the log differ from those of the flags. */
const FLAG_OF: Values = { kv_cache_block_size: 'block-size' };

/** The settings that a plan's command line asks for. */
export function intended({ roles: [server] }: ServePlan): readonly IntendedSetting[] {
  const options = { ...DEFAULTS, ...optionsIn(server?.argv ?? [], SHORT) };
  return COMPARED.flatMap((name) => {
    const value = options[name];
    return value === undefined ? [] : [{ name, value }];
  });
}

/** Tensor-parallel ranks per data-parallel rank. */
export function devicesOf({ argv }: Pick<Role, 'argv'>): number {
  const options = { ...DEFAULTS, ...optionsIn(argv, SHORT) };
  return Number(options['tensor-parallel-size']) * Number(options['data-parallel-size'] ?? 1);
}

/** The settings that ATOM logs: `Engine kwargs: {'tensor_parallel_size': 8, …}`. Source: issue 867 of ROCm/ATOM; not run. */
export function effective({ logs }: EngineOutput): readonly EffectiveSetting[] {
  return settingsInLogs(logs, '"Engine kwargs"', argumentsIn);
}

function argumentsIn(log: string): Values {
  const start = /Engine kwargs: \{/.exec(log);
  if (start === null) return {};
  const settings = pythonSettings(log.slice(start.index + start[0].length), ': ');
  return Object.fromEntries(
    Object.entries(settings).map(([name, value]) => [FLAG_OF[name] ?? name.replaceAll('_', '-'), value]),
  );
}
