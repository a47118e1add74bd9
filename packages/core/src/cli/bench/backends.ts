import { SweeplineError } from '../../errors.js';
import { codecOf } from '../../load/client/codecs/index.js';
import { API_NAMES, type ApiName } from '../../load/client/codecs/names.js';

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

/** @throws {SweeplineError} USAGE when the backend speaks another API, as the original's assertions have it. */
export function apiOf({
  endpoint,
  backend,
}: {
  readonly endpoint: string;
  readonly backend?: string;
}): ApiName {
  const api = APIS.get(endpoint) ?? 'completions';
  const wanted = backend === undefined ? api : BACKEND_APIS[backend];
  if (wanted === undefined || wanted === api) return api;
  throw new SweeplineError('USAGE', `backend ${String(backend)} does not speak ${endpoint}`, {
    hint: `Give --endpoint ${codecOf(wanted).path}`,
  });
}
