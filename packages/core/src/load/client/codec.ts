import { SweeplineError } from '../../errors.js';
import type { Prompt } from '../prompts/prompt.js';
import type { LoadSpec } from '../spec/spec.js';

/** Token counts that a server reports. */
export interface Usage {
  readonly promptTokens?: number;
  readonly outputTokens?: number;
  /** Prompt tokens that came from the server's cache. */
  readonly cachedTokens?: number;
}

/** Content of one event of a stream. */
export type StreamEvent =
  | { readonly kind: 'done' }
  | { readonly kind: 'error'; readonly message: string }
  | { readonly kind: 'malformed'; readonly message: string }
  | {
      readonly kind: 'chunk';
      /** Whether it has output, or reports that there was some: the times of such chunks are recorded. */
      readonly hasChoices: boolean;
      /** Whether it has text; reasoning and tool arguments also count as text. */
      readonly hasContent: boolean;
      /** JSON key of its only text that isn't empty. If given, events that differ only in that text have the same meaning. */
      readonly textKey?: string;
      /** All its text in the order of generation, reasoning before the answer; absent if there is none. */
      readonly text?: string;
      readonly finishReason?: string;
      readonly usage?: Usage;
    };

/** How to write requests for an API and read its streams. Plugins may bring their own: `FrameworkPlugin.codec`. */
export interface Codec {
  /** Its name in load specs. */
  readonly name: string;
  /** Path of the API below the endpoint's base URL. */
  readonly path: string;
  /** Whether a prompt may be an array of token ids. */
  readonly takesTokenIds: boolean;
  /** Its streams end with the response: neither `[DONE]` nor a finish reason shows that they are complete. */
  readonly endsSilently?: true;
  /** Each event has the whole text so far, not only what is new. */
  readonly cumulative?: true;
  /** Makes request bodies; prompts are already JSON. */
  bodyWriter(spec: LoadSpec): (prompt: Prompt) => string;
  /** Reads the data of one event. Pure. */
  readEvent(payload: string): StreamEvent;
}

type Json = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * What a spec adds to every request. Keys that the client writes itself are refused: they would be sent twice, and the server
 * would choose which one counts.
 * @throws {SweeplineError} LOAD_SPEC_INVALID
 */
export function extraBodyOf({ extraBody = {} }: LoadSpec, own: Readonly<Record<string, string>>): Json {
  const key = Object.keys(own).find((name) => Object.hasOwn(extraBody, name));
  if (key === undefined) return extraBody;
  throw new SweeplineError('LOAD_SPEC_INVALID', `extraBody has ${key}, which the client writes itself`, {
    where: { key: `extraBody.${key}` },
    hint: `Leave it out: it comes from ${own[key]}`,
  });
}

/** Where the client's own keys come from. */
export const OWN = {
  model: '--served-model-name, or --model',
  lengths: 'the lengths of the prompts (--random-output-len and its like)',
  prompt: 'the prompts (--dataset-name)',
  stream: 'Sweepline itself: it measures streamed answers',
} as const;

/** Reads what all APIs share (end and errors) and passes chunks to `chunk`. */
export function readJsonEvent(payload: string, chunk: (value: Json) => StreamEvent): StreamEvent {
  if (payload === '[DONE]') return { kind: 'done' };
  // Proxies send such events to keep connections alive.
  if (payload === '') return { kind: 'chunk', hasChoices: false, hasContent: false };
  let value: unknown;
  try {
    value = JSON.parse(payload);
  } catch {
    return { kind: 'malformed', message: `not JSON: ${payload}` };
  }
  if (!isObject(value)) return { kind: 'malformed', message: `not an object: ${payload}` };
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

/**
 * A prompt as JSON, preceded by everything said before in its conversation, for APIs without messages: one continuous text, so
 * that each turn begins with the whole previous one.
 */
export function wholeJson({ json, history = [] }: Prompt): string {
  if (history.length === 0) return json;
  const texts = [...history.flatMap(({ userJson, answer }) => [userJson, JSON.stringify(answer)]), json];
  return `"${texts.map((text) => text.slice(1, -1)).join('')}"`;
}

/** vLLM sends `abort`, TensorRT-LLM `cancelled` and `timeout` (CompletionOutput, executor/result.py), proxies `error`. */
const GIVEN_UP: readonly unknown[] = ['abort', 'cancelled', 'timeout', 'error'];

/** A server that aborts an answer says so in its finish reason; what was generated is not a complete answer. */
export function abortOf(finishReason: unknown, message?: unknown): StreamEvent | undefined {
  if (!GIVEN_UP.includes(finishReason)) return undefined;
  const said = typeof message === 'string' && message !== '' ? `: ${message}` : '';
  return { kind: 'error', message: `the server aborted the answer (${String(finishReason)})${said}` };
}

/**
 * Joins texts by their keys: whether there is any, the whole text, and the key if only one text isn't empty. A text without a key
 * appears more than once in the event.
 */
export function textOf(
  texts: readonly (readonly [key: string | undefined, text: unknown])[],
): Pick<Extract<StreamEvent, { kind: 'chunk' }>, 'hasContent' | 'textKey' | 'text'> {
  const filled = texts.flatMap(([key, text]) =>
    typeof text === 'string' && text !== '' ? [{ key, text }] : [],
  );
  const [first, ...others] = filled;
  if (first === undefined) return { hasContent: false };
  if (others.length === 0 && first.key !== undefined) {
    return { hasContent: true, textKey: first.key, text: first.text };
  }
  return { hasContent: true, text: filled.map(({ text }) => text).join('') };
}

/**
 * Usage with OpenAI's names; the client validates the numbers. Cached tokens are in `prompt_tokens_details` (vLLM:
 * --enable-prompt-tokens-details); SGLang's own API has them next to the other counts.
 */
export function readUsage(value: unknown): Usage | undefined {
  if (!isObject(value)) return undefined;
  const {
    prompt_tokens: promptTokens,
    completion_tokens: outputTokens,
    prompt_tokens_details: details,
  } = value;
  const cachedTokens = isObject(details) ? details['cached_tokens'] : value['cached_tokens'];
  return {
    ...(typeof promptTokens === 'number' && { promptTokens }),
    ...(typeof outputTokens === 'number' && { outputTokens }),
    ...(typeof cachedTokens === 'number' && { cachedTokens }),
  };
}
