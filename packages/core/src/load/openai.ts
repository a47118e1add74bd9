import type { Prompt } from './prompts/prompt.js';
import type { LoadSpec } from './spec.js';

/** What a server counted. */
export interface Usage {
  readonly promptTokens?: number;
  readonly outputTokens?: number;
}

/** What one event of a stream says. */
export type StreamEvent =
  | { readonly kind: 'done' }
  | { readonly kind: 'error'; readonly message: string }
  | { readonly kind: 'malformed'; readonly message: string }
  | {
      readonly kind: 'chunk';
      /** Whether `choices` has an element: such chunks are what InferenceX times (backend_request_func.py). */
      readonly hasChoices: boolean;
      /** Whether any choice brings text; reasoning is text too. */
      readonly hasContent: boolean;
      readonly finishReason?: string;
      readonly usage?: Usage;
    };

type Json = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Path of the API below the endpoint's base URL. */
export const API_PATHS = { completions: '/v1/completions', chat: '/v1/chat/completions' } as const;

/** Makes request bodies. What all requests share is written once; prompts come as JSON already. */
export function bodyWriter(spec: LoadSpec): (prompt: Prompt) => string {
  const shared = JSON.stringify({
    model: spec.model,
    temperature: spec.temperature,
    stream: true,
    stream_options: { include_usage: true },
    ...(spec.ignoreEos ? { ignore_eos: true } : {}),
    ...spec.extraBody,
  }).slice(0, -1);
  const input = (json: string) =>
    spec.endpoint.api === 'chat' ? `"messages":[{"role":"user","content":${json}}]` : `"prompt":${json}`;
  return (prompt) => `${shared},"max_tokens":${prompt.lengths.requestedOutputTokens},${input(prompt.json)}}`;
}

/** Reads one event's data. */
export function readEvent(payload: string): StreamEvent {
  if (payload === '[DONE]') return { kind: 'done' };
  let value: unknown;
  try {
    value = JSON.parse(payload);
  } catch {
    return { kind: 'malformed', message: `not JSON: ${payload.slice(0, 100)}` };
  }
  if (!isObject(value)) return { kind: 'malformed', message: `not an object: ${payload.slice(0, 100)}` };
  if (value['error'] !== undefined && value['error'] !== null) {
    return { kind: 'error', message: errorMessage(value) ?? payload };
  }
  return chunk(value);
}

/** The message of an error body, `{"error":{"message":…}}` or one of its variants. */
export function errorMessage(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (!isObject(value)) return undefined;
  return errorMessage(value['message'] ?? value['error'] ?? value['detail']) ?? JSON.stringify(value);
}

function chunk(value: Json): StreamEvent {
  const choices = Array.isArray(value['choices']) ? value['choices'].filter(isObject) : [];
  const finishReason = choices.map((choice) => choice['finish_reason']).find((r) => typeof r === 'string');
  const usage = readUsage(value['usage']);
  return {
    kind: 'chunk',
    hasChoices: choices.length > 0,
    hasContent: choices.some(hasText),
    ...(typeof finishReason === 'string' && { finishReason }),
    ...(usage !== undefined && { usage }),
  };
}

function hasText(choice: Json): boolean {
  const delta = isObject(choice['delta']) ? choice['delta'] : {};
  return [choice['text'], delta['content'], delta['reasoning_content'], delta['reasoning']].some(
    (text) => typeof text === 'string' && text !== '',
  );
}

function readUsage(value: unknown): Usage | undefined {
  if (!isObject(value)) return undefined;
  const { prompt_tokens: promptTokens, completion_tokens: outputTokens } = value;
  return {
    ...(typeof promptTokens === 'number' && { promptTokens }),
    ...(typeof outputTokens === 'number' && { outputTokens }),
  };
}
