import type { ChatMessage } from '../engine/chat.js';
import type { Engine } from '../engine/engine.js';
import type { FinishReason } from '../engine/generation.js';
import { invalid } from './api-error.js';
import type { CallKind } from './call.js';
import type { Fields } from './fields.js';

/** How one of OpenAI's two completion APIs reads a prompt and formats its answer. */
export interface Dialect extends CallKind {
  readonly idPrefix: string;
  readonly object: string;
  readonly chunkObject: string;
  /** The choice in the chunk before the first token, if the API has one. */
  readonly opening?: object;
  chunk(text: string, finish: FinishReason | null): object;
  whole(text: string, finish: FinishReason): object;
}

export const textDialect: Dialect = {
  idPrefix: 'cmpl',
  object: 'text_completion',
  chunkObject: 'text_completion',
  defaultMaxTokens: 16,
  prompt: textPrompt,
  chunk: textChoice,
  whole: textChoice,
};

export const chatDialect: Dialect = {
  idPrefix: 'chatcmpl',
  object: 'chat.completion',
  chunkObject: 'chat.completion.chunk',
  defaultMaxTokens: undefined,
  prompt: chatPrompt,
  opening: deltaChoice({ role: 'assistant', content: '' }, null),
  chunk: (text, finish) => deltaChoice({ content: text }, finish),
  whole: (text, finish) => ({
    index: 0,
    message: { role: 'assistant', content: text },
    logprobs: null,
    finish_reason: finish,
  }),
};

function textChoice(text: string, finish: FinishReason | null): object {
  return { index: 0, text, logprobs: null, finish_reason: finish };
}

function deltaChoice(delta: object, finish: FinishReason | null): object {
  return { index: 0, delta, logprobs: null, finish_reason: finish };
}

/** A text, token ids, or a list with one of these. */
function textPrompt(fields: Fields, engine: Engine): readonly number[] {
  const value = fields.take('prompt');
  const prompt = Array.isArray(value) && typeof value[0] !== 'number' ? onlyPrompt(value) : value;
  if (typeof prompt === 'string') return engine.encode(prompt);
  if (Array.isArray(prompt) && prompt.every((id) => isTokenId(id, engine))) return prompt;
  throw invalid('prompt', `"prompt" must be a string or token ids below ${engine.vocabularySize}`);
}

function onlyPrompt(prompts: readonly unknown[]): unknown {
  if (prompts.length === 1) return prompts[0];
  throw invalid('prompt', `this server takes one prompt per request, not ${prompts.length}`);
}

function isTokenId(value: unknown, engine: Engine): value is number {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) < engine.vocabularySize;
}

function chatPrompt(fields: Fields, engine: Engine): readonly number[] {
  const messages = fields.take('messages');
  if (!engine.encodeChat) throw invalid('messages', 'this model has no chat template');
  if (Array.isArray(messages) && messages.length > 0 && messages.every(isMessage))
    return engine.encodeChat(messages);
  throw invalid(
    'messages',
    '"messages" must list system, user and assistant messages with text as their content',
  );
}

function isMessage(value: unknown): value is ChatMessage {
  const { role, content } = (value ?? {}) as Record<string, unknown>;
  return typeof content === 'string' && (role === 'system' || role === 'user' || role === 'assistant');
}
