import { codecOf } from '../../../load/client/codecs/index.js';
import { API_NAMES, type ApiName } from '../../../load/client/codecs/names.js';
import type { EventFormat } from './format.js';
import { chat, completions } from './openai.js';
import { sglang } from './sglang.js';
import { trtllm } from './trtllm.js';

const FORMATS: Readonly<Record<ApiName, EventFormat>> = { completions, chat, sglang, trtllm };

const API_BY_PATH = new Map(API_NAMES.map((api) => [codecOf(api).path, api]));

export function formatOf(api: ApiName): EventFormat {
  return FORMATS[api];
}

/** The API of a request's path. */
export function apiAt(path: string): ApiName | undefined {
  return API_BY_PATH.get(path);
}
