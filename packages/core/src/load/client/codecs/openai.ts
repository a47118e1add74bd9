import {
  OWN,
  abortOf,
  extraBodyOf,
  isObject,
  readJsonEvent,
  readUsage,
  textOf,
  wholeJson,
  type Codec,
  type StreamEvent,
} from '../codec.js';
import type { Prompt } from '../../prompts/prompt.js';
import type { LoadSpec } from '../../spec/spec.js';

type Json = Readonly<Record<string, unknown>>;

/** OpenAI's completions, also with token ids, as vLLM, SGLang and others accept them. */
export const completions: Codec = {
  name: 'completions',
  path: '/v1/completions',
  takesTokenIds: true,
  bodyWriter: (spec) => writer(spec, (prompt) => `"prompt":${wholeJson(prompt)}`),
  readEvent,
};

/** OpenAI's chat completions: a user message after the earlier ones of its conversation. */
export const chat: Codec = {
  name: 'chat',
  path: '/v1/chat/completions',
  takesTokenIds: false,
  bodyWriter: (spec) => writer(spec, (prompt) => `"messages":[${messages(prompt).join(',')}]`),
  readEvent,
};

function messages({ json, history = [] }: Prompt): string[] {
  const message = (role: string, content: string): string => `{"role":"${role}","content":${content}}`;
  const said = history.flatMap(({ userJson, answer }) => [
    message('user', userJson),
    message('assistant', JSON.stringify(answer)),
  ]);
  return [...said, message('user', json)];
}

const OWN_KEYS = {
  model: OWN.model,
  max_tokens: OWN.lengths,
  max_completion_tokens: OWN.lengths,
  prompt: OWN.prompt,
  messages: OWN.prompt,
  stream: OWN.stream,
};

/** The part that all requests share is built once. */
function writer(spec: LoadSpec, input: (prompt: Prompt) => string): ReturnType<Codec['bodyWriter']> {
  const shared = JSON.stringify({
    model: spec.model,
    temperature: spec.temperature,
    stream: true,
    stream_options: { include_usage: true },
    ...(spec.ignoreEos ? { ignore_eos: true } : {}),
    ...extraBodyOf(spec, OWN_KEYS),
  }).slice(0, -1);
  return (prompt) => `${shared},"max_tokens":${prompt.lengths.requestedOutputTokens},${input(prompt)}}`;
}

function readEvent(payload: string): StreamEvent {
  return readJsonEvent(payload, chunk);
}

/** InferenceX times chunks with an element in `choices` (backend_request_func.py). */
function chunk(value: Json): StreamEvent {
  const { choices } = value;
  const texts: Texts = [];
  let hasChoices = false;
  let finishReason: string | undefined;
  for (const choice of Array.isArray(choices) ? choices : []) {
    if (!isObject(choice)) continue;
    hasChoices = true;
    if (typeof choice['finish_reason'] === 'string') finishReason ??= choice['finish_reason'];
    addTexts(choice, texts);
  }
  const usage = readUsage(value['usage']);
  const aborted = abortOf(finishReason);
  if (aborted !== undefined) return aborted;
  return {
    kind: 'chunk',
    hasChoices,
    ...textOf(texts),
    ...(finishReason !== undefined && { finishReason }),
    ...(usage !== undefined && { usage }),
  };
}

type Texts = (readonly [key: string | undefined, text: unknown])[];

function addTexts(choice: Json, texts: Texts): void {
  texts.push(['text', choice['text']]);
  const { delta } = choice;
  if (!isObject(delta)) return;
  const { reasoning, reasoning_content: thought } = delta;
  // vLLM 0.11 sends the same reasoning under both names (DeltaMessage, entrypoints/openai/protocol.py), so neither differs alone.
  if (reasoning === thought) texts.push([undefined, thought]);
  else texts.push(['reasoning_content', thought], ['reasoning', reasoning]);
  texts.push(['content', delta['content']]);
  if (!Array.isArray(delta['tool_calls'])) return;
  for (const call of delta['tool_calls'].filter(isObject)) {
    const named = isObject(call['function']) ? call['function'] : {};
    texts.push(['name', named['name']], ['arguments', named['arguments']]);
  }
}
