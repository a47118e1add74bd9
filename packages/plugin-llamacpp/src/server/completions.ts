import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Engine } from '../engine/engine.js';
import type { Outcome } from '../engine/generation.js';
import { StopFilter } from '../engine/stop-filter.js';
import { TextStream } from '../engine/text.js';
import { ApiError } from './api-error.js';
import { parseCall, type Call } from './call.js';
import type { Dialect } from './dialect.js';
import { readJson, sendJson } from './http.js';
import { createStreamReply, createWholeReply } from './reply.js';
import type { Tally } from './tally.js';

export interface CompletionService {
  readonly engine: Engine;
  /** Name of the model in requests. */
  readonly alias: string;
  readonly tally: Tally;
  /** Number of the next request. */
  nextId(): number;
}

/** Answers a completion request in one of the API's two dialects. */
export async function handleCompletion(
  service: CompletionService,
  dialect: Dialect,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const id = `${dialect.idPrefix}-${service.nextId()}`;
  try {
    const call = parseCall(await readJson(request), dialect, service.engine, service.alias);
    generate(service, dialect, call, id, response);
  } catch (error) {
    const state = request.destroyed && !request.complete ? 'cancelled' : 'failed';
    service.tally.end({ id, state, promptTokens: 0, completionTokens: 0 });
    const apiError = ApiError.from(error);
    sendJson(response, apiError.status, apiError.body);
  }
}

function generate(
  { engine, alias, tally }: CompletionService,
  dialect: Dialect,
  call: Call,
  id: string,
  response: ServerResponse,
): void {
  const envelope = { id, created: Math.floor(Date.now() / 1000), model: alias };
  const reply = call.stream
    ? createStreamReply(response, dialect, envelope, call.includeUsage)
    : createWholeReply(response, dialect, envelope);
  const text = new TextStream(engine.detokenize, call.generation.prompt);
  const stops = new StopFilter(call.stops);
  const generation = engine.scheduler.submit(call.generation, {
    token(token, finish) {
      const isLast = finish !== undefined;
      const said = stops.push(text.push(token, isLast), isLast);
      if (said.stopped) generation.stop();
      reply.token(said.text, said.stopped ? 'stop' : finish);
    },
    end(outcome) {
      const { promptTokens, completionTokens } = generation;
      tally.end({ id, state: outcome.state, promptTokens, completionTokens });
      if (outcome.state === 'completed') reply.complete(generation);
      else reply.fail(failure(outcome));
    },
  });
  // Also fires after a complete answer, when there is nothing left to cancel.
  response.once('close', () => engine.scheduler.cancel(generation));
  if (response.destroyed) engine.scheduler.cancel(generation);
}

function failure(outcome: Exclude<Outcome, { state: 'completed' }>): ApiError {
  return outcome.state === 'failed'
    ? ApiError.from(outcome.error)
    : new ApiError(503, 'the server is shutting down');
}
