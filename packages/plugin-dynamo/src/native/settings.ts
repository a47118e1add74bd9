import { stripVTControlCharacters } from 'node:util';
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

/** Sizes of a worker's parallelism, under the names of the flags; the engines' settings have other names. */
const NAMES: Values = {
  tensor_parallel_size: 'tensor-parallel-size',
  tp_size: 'tensor-parallel-size',
  pipeline_parallel_size: 'pipeline-parallel-size',
  pp_size: 'pipeline-parallel-size',
  kv_cache_dtype: 'kv-cache-dtype',
};
const ALIASES: Values = {
  tp: 'tensor-parallel-size',
  'tp-size': 'tensor-parallel-size',
  'pp-size': 'pipeline-parallel-size',
};
const DEFAULTS: Values = { 'tensor-parallel-size': '1', 'pipeline-parallel-size': '1' };
const COMPARED = [...Object.keys(DEFAULTS), 'kv-cache-dtype'];

/**
 * Where the underlying engines report their settings. Sources: those of plugin-vllm, plugin-sglang and plugin-trtllm. None of it was seen
 * under Dynamo.
 */
const STARTS: readonly (readonly [RegExp, '=' | ': '])[] = [
  [/LLM engine \(v[^)]+\) with config: /, '='],
  [/server_args=ServerArgs\(/, '='],
];

/** The settings that each kind of worker is started with; mockers run no engine. */
export function intended({ roles }: ServePlan): readonly IntendedSetting[] {
  return roles.filter(isWorker).flatMap(({ name: role, argv }) => {
    const options = { ...DEFAULTS, ...optionsIn(argv, ALIASES) };
    return COMPARED.flatMap((name) => {
      const value = options[name];
      return value === undefined ? [] : [{ name, value, role }];
    });
  });
}

/** The settings that the workers' engines report, by role. */
export function effective({ logs }: EngineOutput): readonly EffectiveSetting[] {
  return settingsInLogs(logs, "its engine's config", (text) => settingsIn(stripVTControlCharacters(text)));
}

/** Devices of one worker. With SGLang's data-parallel attention the replicas share the devices of the tensor parallelism. */
export function devicesOf(role: Role): number | undefined {
  if (!isWorker(role)) return undefined;
  const options = { ...DEFAULTS, ...optionsIn(role.argv, ALIASES) };
  const copies = options['enable-dp-attention'] === 'true' ? 1 : Number(options['data-parallel-size'] ?? 1);
  return Number(options['tensor-parallel-size']) * Number(options['pipeline-parallel-size']) * copies;
}

function isWorker({ place, argv }: Role): boolean {
  return place.devicesPerRank > 0 && !argv.includes('dynamo.mocker');
}

function settingsIn(log: string): Values {
  for (const [start, assigns] of STARTS) {
    const found = start.exec(log);
    if (found === null) continue;
    const [line = ''] = log.slice(found.index + found[0].length).split('\n', 1);
    const settings = Object.entries(pythonSettings(`${line})`, assigns));
    return Object.fromEntries(
      settings.flatMap(([name, value]) => (NAMES[name] === undefined ? [] : [[NAMES[name], value]])),
    );
  }
  return {};
}
