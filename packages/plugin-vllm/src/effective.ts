import { stripVTControlCharacters } from 'node:util';
import { pythonSettings } from '@sweepline/core';

/**
 * How vLLM tells its version: in a line of its own until 0.14; since 0.15 beside its logo or, without one
 * (VLLM_DISABLE_LOG_LOGO), before the model. Source: vllm/entrypoints/openai/api_server.py of 0.14.0, vllm/entrypoints/utils.py
 * of 0.15.0 and 0.17.0.
 */
const VERSION = /(?:vLLM (?:API )?server|█ ) version (\d[^\s,]*)/;

/**
 * What vLLM says it runs with: `non-default args: {'max_model_len': 2068, …}` and its version in its log, under the names of
 * the flags. Settings that are None are left out.
 */
export function effective(log: string): Readonly<Record<string, string>> {
  const text = stripVTControlCharacters(log);
  const version = VERSION.exec(text)?.[1];
  const start = /non-default args: \{/.exec(text);
  const settings = start === null ? {} : pythonSettings(text.slice(start.index + start[0].length), ': ');
  return {
    ...(version === undefined ? {} : { 'engine-version': version }),
    ...Object.fromEntries(
      Object.entries(settings).map(([name, value]) => [name.replaceAll('_', '-'), value]),
    ),
  };
}
