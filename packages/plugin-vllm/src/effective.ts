import { pythonSettings } from '@sweepline/core';

/**
 * What vLLM says it runs with: `non-default args: {'max_model_len': 2068, …}` and `vLLM API server version 0.13.0` in its log,
 * under the names of the flags. Settings that are None are left out.
 */
export function effective(log: string): Readonly<Record<string, string>> {
  const version = /vLLM API server version (\d\S*)/.exec(log)?.[1];
  const start = /non-default args: \{/.exec(log);
  const settings = start === null ? {} : pythonSettings(log.slice(start.index + start[0].length), ': ');
  return {
    ...(version === undefined ? {} : { 'engine-version': version }),
    ...Object.fromEntries(
      Object.entries(settings).map(([name, value]) => [name.replaceAll('_', '-'), value]),
    ),
  };
}
