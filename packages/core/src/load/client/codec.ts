import { SweeplineError } from '../../errors.js';
import type { Prompt } from '../prompts/prompt.js';
import type { LoadSpec } from '../spec/spec.js';

/** What a server counted. */
export interface Usage {
  readonly promptTokens?: number;
  readonly outputTokens?: number;
  /** Prompt tokens that it took from its cache. */
  readonly cachedTokens?: number;
}

/** What one event of a stream says. */
export type StreamEvent =
  | { readonly kind: 'done' }
  | { readonly kind: 'error'; readonly message: string }
  | { readonly kind: 'malformed'; readonly message: string }
  | {
      readonly kind: 'chunk';
      /** Whether it brings output, or says that there was some: such chunks are timed. */
      readonly hasChoices: boolean;
      /** Whether it brings text; reasoning and arguments of tools are text, too. */
      readonly hasContent: boolean;
      /** JSON key of its only text that isn't empty; where given, events that differ from it in that text alone say the same. */
      readonly textKey?: string;
      /** All its text in the order in which it was made, thoughts before the answer; absent where there is none. */
      readonly text?: string;
      readonly finishReason?: string;
      readonly usage?: Usage;
    };

/** How an API is asked and how its streams are read. Plugins may bring their own: `FrameworkPlugin.codec`. */
export interface Codec {
  /** As load specs name it. */
  readonly name: string;
  /** Path of the API below the endpoint's base URL. */
  readonly path: string;
  /** Whether a prompt may be given as token ids. */
  readonly takesTokenIds: boolean;
  /** Its streams end with the response: neither `[DONE]` nor a reason to finish tells that all is there. */
  readonly endsSilently?: true;
  /** An event's text is all the text of the answer so far, and not what was added to it. */
  readonly cumulative?: true;
  /** Makes request bodies; prompts come as JSON already. */
  bodyWriter(spec: LoadSpec): (prompt: Prompt) => string;
  /** Reads one event's data. Pure. */
  readEvent(payload: string): StreamEvent;
}

type Json = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * What a spec adds to every request. Keys that the client writes itself would be sent twice, and which one counts would be the server's choice.
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

/** What own keys come from. */
export const OWN = {
  model: '--served-model-name, or --model',
  lengths: 'the lengths of the prompts (--random-output-len and its like)',
  prompt: 'the prompts (--dataset-name)',
  stream: 'what is measured: answers are streamed',
} as const;

/** Reads what all APIs have in common, the end and errors, and leaves the chunks to `chunk`. */
export function readJsonEvent(payload: string, chunk: (value: Json) => StreamEvent): StreamEvent {
  if (payload === '[DONE]') return { kind: 'done' };
  // Proxies keep connections alive with such events.
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
 * A prompt as JSON with all that was said before it in its conversation, for APIs that know no messages: one text that goes on, so
 * that each turn begins with the whole of the one before.
 */
export function wholeJson({ json, history = [] }: Prompt): string {
  if (history.length === 0) return json;
  const texts = [...history.flatMap(({ userJson, answer }) => [userJson, JSON.stringify(answer)]), json];
  return `"${texts.map((text) => text.slice(1, -1)).join('')}"`;
}

/** vLLM and SGLang say `abort`, TensorRT-LLM `cancelled` and `timeout` (CompletionOutput, executor/result.py), proxies `error`. */
const GIVEN_UP: readonly unknown[] = ['abort', 'cancelled', 'timeout', 'error'];

/** A server that gave an answer up says so as its reason to finish; what came of it is no answer. */
export function abortOf(finishReason: unknown, message?: unknown): StreamEvent | undefined {
  if (!GIVEN_UP.includes(finishReason)) return undefined;
  const said = typeof message === 'string' && message !== '' ? `: ${message}` : '';
  return { kind: 'error', message: `the server gave the answer up (${String(finishReason)})${said}` };
}

/**
 * What texts by their keys say together: whether there is any, all of it, and the key if only one has any. A text without a key
 * stands in more than one place.
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
 * Usage as OpenAI names it, whatever the numbers are: the client judges them. Cached tokens are in `prompt_tokens_details` (vLLM:
 * --enable-prompt-tokens-details), in SGLang's own API in addition to the others.
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
