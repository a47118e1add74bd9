import { pythonSettings } from '@sweepline/core';

/** Names of SGLang's settings whose flags are called otherwise. Source: ServerArgs in python/sglang/srt/server_args.py. */
const FLAG_OF: Readonly<Record<string, string>> = {
  tp_size: 'tensor-parallel-size',
  pp_size: 'pipeline-parallel-size',
  dp_size: 'data-parallel-size',
  fp8_gemm_runner_backend: 'fp8-gemm-backend',
  fp4_gemm_runner_backend: 'fp4-gemm-backend',
};

/**
 * What SGLang says it runs with: `server_args=ServerArgs(tp_size=8, …)` in its log, under the names of the flags. Settings
 * that are None are left out.
 */
export function effective(log: string): Readonly<Record<string, string>> {
  const start = /server_args=ServerArgs\(/.exec(log);
  if (start === null) return {};
  const settings = pythonSettings(log.slice(start.index + start[0].length), '=');
  return Object.fromEntries(
    Object.entries(settings).map(([name, value]) => [FLAG_OF[name] ?? name.replaceAll('_', '-'), value]),
  );
}
