import type { Codec } from '../codec.js';
import type { ApiName } from './names.js';
import { chat, completions } from './openai.js';
import { sglangGenerate } from './sglang.js';
import { trtllmGenerateStream } from './trtllm.js';

const CODECS: Readonly<Record<ApiName, Codec>> = {
  completions,
  chat,
  sglang: sglangGenerate,
  trtllm: trtllmGenerateStream,
};

export function codecOf(api: ApiName): Codec {
  return CODECS[api];
}
