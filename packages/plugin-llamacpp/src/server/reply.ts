import type { ServerResponse } from 'node:http';
import type { FinishReason, Generation } from '../engine/generation.js';
import type { ApiError } from './api-error.js';
import type { Dialect } from './dialect.js';
import { EventStream, sendJson } from './http.js';

/** Writes a generation to the client as it progresses. */
export interface Reply {
  token(text: string, finish: FinishReason | undefined): void;
  complete(generation: Generation): void;
  fail(error: ApiError): void;
}

/** Fields that all bodies of one answer share. */
export interface Envelope {
  readonly id: string;
  /** Unix time in seconds. */
  readonly created: number;
  readonly model: string;
}

/**
 * One event per token, even if the token yields no text, because clients take times from events. The last one carries the finish reason, so
 * no event comes without a token, except the opening one, which is sent with the first.
 */
export function createStreamReply(
  response: ServerResponse,
  dialect: Dialect,
  envelope: Envelope,
  includeUsage: boolean,
): Reply {
  const events = new EventStream(response);
  const head = { ...envelope, object: dialect.chunkObject };
  const event = (choices: readonly object[], usage: object | null) => ({
    ...head,
    choices,
    ...(includeUsage && { usage }),
  });
  return {
    token(text, finish) {
      const choice = dialect.chunk(text, finish ?? null);
      const choices = dialect.opening && !events.started ? [dialect.opening, choice] : [choice];
      events.send(choices.map((each) => event([each], null)));
    },
    complete(generation) {
      if (includeUsage) events.send([event([], usageOf(generation))]);
      events.done();
    },
    fail(error) {
      if (events.started) events.fail(error);
      else sendJson(response, error.status, error.body);
    },
  };
}

/** One body at the end. */
export function createWholeReply(response: ServerResponse, dialect: Dialect, envelope: Envelope): Reply {
  const texts: string[] = [];
  let reason: FinishReason = 'length';
  return {
    token(text, finish) {
      texts.push(text);
      reason = finish ?? reason;
    },
    complete(generation) {
      const choices = [dialect.whole(texts.join(''), reason)];
      sendJson(response, 200, { ...envelope, object: dialect.object, choices, usage: usageOf(generation) });
    },
    fail(error) {
      sendJson(response, error.status, error.body);
    },
  };
}

function usageOf({ promptTokens, completionTokens }: Generation): object {
  return {
    prompt_tokens: promptTokens,
    completion_tokens: completionTokens,
    total_tokens: promptTokens + completionTokens,
  };
}
