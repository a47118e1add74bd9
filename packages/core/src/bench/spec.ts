import { SweeplineError } from '../errors.js';
import { codecOf } from '../load/client/codecs/index.js';
import { API_NAMES, type ApiName } from '../load/client/codecs/names.js';
import { LOAD_SPEC_SCHEMA, type LoadSpec } from '../load/spec/spec.js';
import { arrivalOf, datasetOf } from './load.js';
import { promptsWithin } from './duration.js';
import { accessOf, KEY_VARIABLE } from './headers.js';
import type { BenchOptions } from './options.js';
import { samplingOf } from './sampling.js';

/** APIs by path, as benchmark_serving.py's --endpoint names them. */
const APIS: ReadonlyMap<string, ApiName> = new Map(API_NAMES.map((name) => [codecOf(name).path, name]));

/** benchmark_serving.py's names for its request functions (ASYNC_REQUEST_FUNCS); tgi and deepspeed-mii have APIs of their own. */
const BACKEND_APIS: Readonly<Record<string, ApiName>> = {
  vllm: 'completions',
  openai: 'completions',
  'openai-chat': 'chat',
  sglang: 'completions',
  lmdeploy: 'completions',
  scalellm: 'completions',
  'tensorrt-llm': 'trtllm',
};

export const ENDPOINTS: readonly string[] = [...APIS.keys()];
export const BACKENDS: readonly string[] = Object.keys(BACKEND_APIS);

const CONNECT_TIMEOUT_S = 30;
/** The timeout of benchmark_serving.py (AIOHTTP_TIMEOUT of backend_request_func.py). */
const REQUEST_TIMEOUT_S = 6 * 3600;

/** The folder that relative paths start from, and the environment with secrets. */
export interface SpecContext {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/**
 * The load for the options.
 * @throws {SweeplineError} USAGE; WORKLOAD_INVALID for a trace that can't be read.
 */
export async function specOf(
  { cwd, env }: SpecContext,
  options: BenchOptions,
  recordsFile: string,
): Promise<LoadSpec> {
  const api = apiOf(options);
  const dataset = await datasetOf(options, { cwd, env });
  const arrival = arrivalOf(options, dataset);
  const { tokenizer, goodput, workers, clientLimits } = options;
  const keepText = options.keepText ?? (options.saveResult && options.saveDetailed);
  const extraBody = extraBodyOf(options, api);
  return {
    schema: LOAD_SPEC_SCHEMA,
    endpoint: {
      baseUrl: baseUrlOf(options),
      api,
      ...endpointAccess(options, env),
    },
    model: options.servedModelName ?? options.model,
    prompts: dataset.prompts,
    ...(tokenizer !== undefined && { tokenizer }),
    arrival,
    numPrompts: promptsWithin(options, dataset, arrival),
    numWarmups: options.numWarmups,
    ...(options.duration !== undefined && { durationS: options.duration }),
    ignoreEos: options.ignoreEos ?? false,
    temperature: options.temperature ?? 0,
    ...(options.requestIdPrefix !== undefined && { requestIdPrefix: options.requestIdPrefix }),
    ...(Object.keys(extraBody).length > 0 && { extraBody }),
    connections: options.connections,
    timeouts: {
      connectS: CONNECT_TIMEOUT_S,
      requestS: options.requestTimeout ?? REQUEST_TIMEOUT_S,
      ...(options.idleLimit !== undefined && { idleS: options.idleLimit }),
    },
    ...(!options.serverMetrics && { serverMetrics: false as const }),
    ...(workers !== undefined && { workers }),
    ...(goodput && { slos: goodput }),
    ...(clientLimits && { clientLimits }),
    output: { recordsFile, ...(keepText && { keepText }) },
  };
}

/** How the load process gets its credentials: only by names of variables. */
function endpointAccess(options: BenchOptions, env: SpecContext['env']): Partial<LoadSpec['endpoint']> {
  const { apiKey, headersEnv, headers } = accessOf(options, env);
  if (options.requestIdPrefix !== undefined && headers?.['x-request-id'] !== undefined)
    throw new SweeplineError('USAGE', '--request-id-prefix and the header X-Request-Id set the same header');
  return {
    ...(apiKey !== undefined && { apiKeyEnv: KEY_VARIABLE }),
    ...(Object.keys(headersEnv).length > 0 && { headersEnv }),
    ...(options.insecure && { insecure: true }),
  };
}

export function baseUrlOf({ baseUrl, host, port }: Pick<BenchOptions, 'baseUrl' | 'host' | 'port'>): string {
  return (baseUrl ?? `http://${host}:${port}`).replace(/\/+$/, '');
}

/** @throws {SweeplineError} USAGE if the backend speaks another API, like the original's assertions. */
function apiOf({ endpoint, backend }: Pick<BenchOptions, 'endpoint' | 'backend'>): ApiName {
  const api = APIS.get(endpoint) ?? 'completions';
  const wanted = backend === undefined ? api : BACKEND_APIS[backend];
  if (wanted === undefined || wanted === api) return api;
  throw new SweeplineError('USAGE', `backend ${String(backend)} does not speak ${endpoint}`, {
    hint: `Give --endpoint ${codecOf(wanted).path}`,
  });
}

/**
 * The original sends best_of with every completion; engines without it reject even its default value. The original drops both for other
 * APIs, without a message.
 */
function extraBodyOf(options: BenchOptions, api: ApiName): Readonly<Record<string, unknown>> {
  const { bestOf, logprobs, extraBody } = options;
  const sampling = samplingOf(options, api);
  const asked = { ...(bestOf !== 1 && { best_of: bestOf }), ...(logprobs !== undefined && { logprobs }) };
  if (api === 'completions' || Object.keys(asked).length === 0)
    return { ...sampling, ...asked, ...extraBody };
  throw new SweeplineError('USAGE', '--best-of and --logprobs work only with /v1/completions', {
    hint: "Pass the API's own parameter with --extra-body",
  });
}
