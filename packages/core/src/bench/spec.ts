import { SweeplineError } from '../errors.js';
import { codecOf } from '../load/client/codecs/index.js';
import { API_NAMES, type ApiName } from '../load/client/codecs/names.js';
import { LOAD_SPEC_SCHEMA, type LoadSpec } from '../load/spec/spec.js';
import { arrivalOf, datasetOf } from './load.js';
import { promptsWithin } from './duration.js';
import { accessOf, KEY_VARIABLE } from './headers.js';
import type { BenchOptions } from './options.js';
import { samplingOf } from './sampling.js';

/** APIs by their paths, as benchmark_serving.py's --endpoint names them. */
const APIS: ReadonlyMap<string, ApiName> = new Map(API_NAMES.map((name) => [codecOf(name).path, name]));

/** What benchmark_serving.py calls its ways of asking (ASYNC_REQUEST_FUNCS); tgi and deepspeed-mii have APIs of their own. */
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
/** As long as benchmark_serving.py waits (AIOHTTP_TIMEOUT of backend_request_func.py). */
const REQUEST_TIMEOUT_S = 6 * 3600;

/** Where paths begin, and where secrets are. */
export interface SpecContext {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/**
 * The load that the options ask for.
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

/** How the load process comes to what lets it in: by names of variables alone. */
function endpointAccess(options: BenchOptions, env: SpecContext['env']): Partial<LoadSpec['endpoint']> {
  const { apiKey, headersEnv, headers } = accessOf(options, env);
  if (options.requestIdPrefix !== undefined && headers?.['x-request-id'] !== undefined)
    throw new SweeplineError('USAGE', '--request-id-prefix and the header X-Request-Id say the same');
  return {
    ...(apiKey !== undefined && { apiKeyEnv: KEY_VARIABLE }),
    ...(Object.keys(headersEnv).length > 0 && { headersEnv }),
    ...(options.insecure && { insecure: true }),
  };
}

export function baseUrlOf({ baseUrl, host, port }: Pick<BenchOptions, 'baseUrl' | 'host' | 'port'>): string {
  return (baseUrl ?? `http://${host}:${port}`).replace(/\/+$/, '');
}

/** @throws {SweeplineError} USAGE when the backend speaks another API, as the original's assertions have it. */
function apiOf({ endpoint, backend }: Pick<BenchOptions, 'endpoint' | 'backend'>): ApiName {
  const api = APIS.get(endpoint) ?? 'completions';
  const wanted = backend === undefined ? api : BACKEND_APIS[backend];
  if (wanted === undefined || wanted === api) return api;
  throw new SweeplineError('USAGE', `backend ${String(backend)} does not speak ${endpoint}`, {
    hint: `Give --endpoint ${codecOf(wanted).path}`,
  });
}

/**
 * The original sends best_of with every completion; engines that no longer know it refuse that even where it says nothing. It sends
 * neither to other APIs, and does not say so.
 */
function extraBodyOf(options: BenchOptions, api: ApiName): Readonly<Record<string, unknown>> {
  const { bestOf, logprobs, extraBody } = options;
  const sampling = samplingOf(options, api);
  const asked = { ...(bestOf !== 1 && { best_of: bestOf }), ...(logprobs !== undefined && { logprobs }) };
  if (api === 'completions' || Object.keys(asked).length === 0)
    return { ...sampling, ...asked, ...extraBody };
  throw new SweeplineError('USAGE', '--best-of and --logprobs work only with /v1/completions', {
    hint: 'Give what the API has for it as --extra-body',
  });
}
