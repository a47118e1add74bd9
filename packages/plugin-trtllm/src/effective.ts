import { settingsInLogs, type EffectiveSetting, type EngineOutput } from '@sweepline/core';

/** Precisions that TensorRT-LLM serves, with the names that configs use. Source: its docs/source/features/quantization. */
export const PRECISIONS = ['fp32', 'bf16', 'fp16', 'fp8', 'fp4', 'int8', 'int4'];

/** TensorRT-LLM's settings whose flags have other names. Source: tensorrt_llm/commands/serve.py. */
const FLAG_OF: Readonly<Record<string, string>> = {
  tensor_parallel_size: 'tp_size',
  pipeline_parallel_size: 'pp_size',
  moe_expert_parallel_size: 'ep_size',
};

/** Settings that don't belong in a report. */
const SECRET = /(key|password|token)$/;

/** Strings, brackets (also those of `<Sampler.auto: 'auto'>`), and separators of settings. */
const TOKENS = /'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|[[({<\])}>]|[\s,]+/g;

type Setting = readonly [name: string, value: string];

/**
 * The settings that TensorRT-LLM reports. From 1.2 on they are all on one line after `LLM Args:`, before that in `PyTorchConfig(…)`; the
 * resulting sizes are on a line of their own. A nested setting has both names with a dot in between. Source:
 * tensorrt_llm/_torch/pyexecutor/py_executor_creator.py and _util.py.
 */
export function effective({ logs }: EngineOutput): readonly EffectiveSetting[] {
  return settingsInLogs(logs, 'its start', settingsIn);
}

function settingsIn(log: string): Readonly<Record<string, string>> {
  const all = settingsAfter(/\bLLM Args:\s*\n?/, log);
  const speculates = all.some(([name]) => name.startsWith('speculative_config'));
  return Object.fromEntries([
    ...settingsAfter(/\bPyTorchConfig\(/, log),
    ...all,
    ...(all.length === 0 ? [] : [['speculation', speculates ? 'on' : 'off'] as const]),
    // Written once while it finds out how much fits into memory, and again for the actual run.
    ...settings([...log.matchAll(/\bmax_seq_len=\d+, max_num_requests=.*$/gm)].at(-1)?.[0] ?? ''),
  ]);
}

function settingsAfter(start: RegExp, log: string): readonly Setting[] {
  const found = start.exec(log);
  if (found === null) return [];
  const [line = ''] = log.slice(found.index + found[0].length).split('\n', 1);
  return settings(line);
}

/** `name=value`, separated by commas or blanks, up to the closing bracket of the list; None counts as absent. */
function settings(text: string, within = ''): readonly Setting[] {
  return split(text).flatMap((setting): readonly Setting[] => {
    const [, name = '', value = ''] = /^(\w+)=(.+)$/s.exec(setting) ?? [];
    if (name === '' || value === 'None' || SECRET.test(name)) return [];
    const full = `${within}${FLAG_OF[name] ?? name}`;
    const inner = /^\w+\((.*)\)$/s.exec(value)?.[1];
    return inner === undefined ? [[full, plain(value)]] : settings(inner, `${full}.`);
  });
}

/** Python's notation in the form of configs: strings without quotes, `true`, numbers and lists unchanged. */
function plain(value: string): string {
  if (value === 'True' || value === 'False') return value.toLowerCase();
  const quoted = /^(['"])(.*)\1$/s.exec(value) ?? /^<\w[\w.]*: (['"])(.*)\1>$/s.exec(value);
  return quoted === null ? value : (quoted[2] ?? '').replaceAll(/\\(.)/g, '$1');
}

function split(text: string): readonly string[] {
  const found: string[] = [];
  let from = 0;
  let depth = 0;
  for (const { 0: token, index } of text.matchAll(TOKENS)) {
    if ('[({<'.includes(token)) depth += 1;
    if ('])}>'.includes(token)) depth -= 1;
    if (depth < 0) return [...found, text.slice(from, index)];
    if (depth > 0 || !/^[\s,]/.test(token)) continue;
    found.push(text.slice(from, index));
    from = index + token.length;
  }
  return [...found, text.slice(from)];
}
