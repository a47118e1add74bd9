import {
  jsonObject,
  pythonSettings,
  settingsInAnswer,
  settingsInLogs,
  type EffectiveSetting,
  type EngineOutput,
} from '@sweepline/core';

/** Where SGLang reports its settings. Source: python/sglang/srt/entrypoints/http_server.py; docs/basic_usage/native_api. */
export const INFO_PATH = '/get_server_info';

type Values = Readonly<Record<string, string>>;

/** SGLang's settings whose flags have other names. Source: ServerArgs in python/sglang/srt/server_args.py. */
const FLAG_OF: Values = {
  tp_size: 'tensor-parallel-size',
  pp_size: 'pipeline-parallel-size',
  dp_size: 'data-parallel-size',
  fp8_gemm_runner_backend: 'fp8-gemm-backend',
  fp4_gemm_runner_backend: 'fp4-gemm-backend',
};

/** Quantization methods with a single precision. Source: docs/advanced_features/quantization of SGLang. */
const PRECISION_OF: Values = {
  fp8: 'fp8',
  w8a8_fp8: 'fp8',
  mxfp4: 'fp4',
  modelopt_fp4: 'fp4',
  awq: 'int4',
  w8a8_int8: 'int8',
};

/** Precisions that SGLang serves, with the names that configs use. */
export const PRECISIONS = ['fp32', 'bf16', 'fp16', 'fp8', 'fp4', 'int8', 'int4'];

/**
 * The settings that SGLang reports, under the names of the flags: `server_args=ServerArgs(tp_size=8, …)` in its log, and over HTTP once it
 * has derived all of them. Settings that are None are left out.
 */
export function effective({ logs, http }: EngineOutput): readonly EffectiveSetting[] {
  return [
    ...settingsInLogs(logs, '"server_args="', argumentsIn),
    ...settingsInAnswer(http, INFO_PATH, answeredIn),
  ];
}

function argumentsIn(log: string): Values {
  const start = /server_args=ServerArgs\(/.exec(log);
  return start === null ? {} : named(pythonSettings(log.slice(start.index + start[0].length), '='));
}

/** Only scalars, without possible secrets. */
function answeredIn(body: string): Values {
  const entries = Object.entries(jsonObject(body)).filter(
    ([name, value]) =>
      ['string', 'number', 'boolean'].includes(typeof value) && !/(key|password|token)$/.test(name),
  );
  const { version, ...settings } = Object.fromEntries(entries.map(([name, value]) => [name, String(value)]));
  if (!('tp_size' in settings)) return {};
  return { ...(version === undefined ? {} : { 'engine-version': version }), ...named(settings) };
}

function named(settings: Values): Values {
  const precision = PRECISION_OF[settings['quantization'] ?? ''];
  return {
    ...Object.fromEntries(
      Object.entries(settings).map(([name, value]) => [FLAG_OF[name] ?? name.replaceAll('_', '-'), value]),
    ),
    speculation: settings['speculative_algorithm'] === undefined ? 'off' : 'on',
    ...(precision === undefined ? {} : { precision }),
  };
}
