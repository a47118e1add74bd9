import { settingsInLogs, type EffectiveSetting, type EngineOutput } from '@sweepline/core';

/** Precisions that TensorRT-LLM serves, as configs name them. Source: its docs/source/features/quantization. */
export const PRECISIONS = ['fp32', 'bf16', 'fp16', 'fp8', 'fp4', 'int8', 'int4'];

/** Names of TensorRT-LLM's settings whose flags are called otherwise. Source: tensorrt_llm/commands/serve.py. */
const FLAG_OF: Readonly<Record<string, string>> = {
  tensor_parallel_size: 'tp_size',
  pipeline_parallel_size: 'pp_size',
  moe_expert_parallel_size: 'ep_size',
};

/** Settings that a report has no business to show. */
const SECRET = /(key|password|token)$/;

/** Strings, brackets (also those of `<Sampler.auto: 'auto'>`), and what separates settings. */
const TOKENS = /'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|[[({<\])}>]|[\s,]+/g;

type Setting = readonly [name: string, value: string];

/**
 * What TensorRT-LLM says it runs with. From 1.2 on it is all in one line after `LLM Args:`, before that in
 * `PyTorchConfig(…)`; the sizes that it came to are in a line of their own. A setting in a setting has both names, with a
 * dot between. Source: tensorrt_llm/_torch/pyexecutor/py_executor_creator.py and _util.py.
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
    // Written once for finding out how much fits the memory, and again for what is then run.
    ...settings([...log.matchAll(/\bmax_seq_len=\d+, max_num_requests=.*$/gm)].at(-1)?.[0] ?? ''),
  ]);
}

function settingsAfter(start: RegExp, log: string): readonly Setting[] {
  const found = start.exec(log);
  if (found === null) return [];
  const [line = ''] = log.slice(found.index + found[0].length).split('\n', 1);
  return settings(line);
}

/** `name=value` with commas or blanks between, up to a bracket that closes what was opened before; None is none. */
function settings(text: string, within = ''): readonly Setting[] {
  return split(text).flatMap((setting): readonly Setting[] => {
    const [, name = '', value = ''] = /^(\w+)=(.+)$/s.exec(setting) ?? [];
    if (name === '' || value === 'None' || SECRET.test(name)) return [];
    const full = `${within}${FLAG_OF[name] ?? name}`;
    const inner = /^\w+\((.*)\)$/s.exec(value)?.[1];
    return inner === undefined ? [[full, plain(value)]] : settings(inner, `${full}.`);
  });
}

/** Python's notation in the words of configs: strings without quotes, `true`, numbers and lists as they are. */
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
