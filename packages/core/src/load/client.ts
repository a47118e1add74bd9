import type { Clock } from './clock.js';
import { createConnect, type Connection } from './connection.js';
import { Exchange, type Outcome } from './exchange.js';
import { failure } from './failure.js';
import { API_PATHS, bodyWriter } from './openai.js';
import type { Prompt } from './prompts/prompt.js';
import { createSlots } from './slots.js';
import type { LoadSpec } from './spec.js';

export interface ClientOptions {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Bearer token. */
  readonly apiKey?: string;
}

/** What a sender wants to know while a request is under way. */
export interface SendObserver {
  readonly onSent?: () => void;
  readonly onChunk?: () => void;
}

/** Streams completions from the spec's endpoint. */
export interface LoadClient {
  /** Opens the connections of slots 0 to count − 1. */
  prepare(count: number): Promise<void>;
  /** Sends one request over a slot's connection and resolves when it has ended, however; never rejects. */
  send(slot: number, prompt: Prompt, observer?: SendObserver): Promise<Outcome>;
  close(): void;
}

export function createClient(spec: LoadSpec, options: ClientOptions): LoadClient {
  const { clock, signal, apiKey } = options;
  const base = new URL(spec.endpoint.baseUrl);
  const slots = createSlots(
    spec.connections,
    createConnect(base, spec.timeouts.connectS * 1000, clock, signal),
  );
  const writeBody = bodyWriter(spec);
  const path = base.pathname.replace(/\/+$/, '') + API_PATHS[spec.endpoint.api];
  const headers = {
    'content-type': 'application/json',
    accept: 'text/event-stream',
    ...(apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` }),
  };
  const inFlight = new Set<Exchange>();
  const cancel = () => inFlight.forEach((exchange) => exchange.stop('cancelled', 'the run was stopped'));
  signal.addEventListener('abort', cancel);

  const exchange = async (connection: Connection, body: string, observer: SendObserver): Promise<Outcome> => {
    const current = new Exchange(connection, { clock, secret: apiKey, ...observer });
    const timeout = setTimeout(
      () => current.stop('timed-out', `no end after ${spec.timeouts.requestS} s`),
      spec.timeouts.requestS * 1000,
    );
    inFlight.add(current);
    if (signal.aborted) current.stop('cancelled', 'the run was stopped');
    else connection.dispatch({ method: 'POST', path, headers, body }, current);
    const outcome = await current.ended;
    clearTimeout(timeout);
    inFlight.delete(current);
    return outcome;
  };

  return {
    prepare: (count) => slots.prepare(count),
    async send(slot, prompt, observer = {}) {
      const body = writeBody(prompt);
      let connection: Connection;
      try {
        connection = await slots.take(slot);
      } catch (error) {
        return signal.aborted ? stoppedBeforeSent(clock.now()) : notConnected(error, clock.now());
      }
      const onSent = () => {
        // Later, as the request is written right after this.
        queueMicrotask(() => slots.sent(slot));
        observer.onSent?.();
      };
      const outcome = await exchange(connection, body, { ...observer, onSent });
      slots.ended(slot);
      return outcome;
    },
    close() {
      signal.removeEventListener('abort', cancel);
      slots.close();
    },
  };
}

function stoppedBeforeSent(doneMs: number): Outcome {
  return { state: 'cancelled', doneMs, chunkMs: [] };
}

function notConnected(error: unknown, doneMs: number): Outcome {
  const { code, message } = error as Error & { readonly code?: string };
  const kind = code === 'UND_ERR_CONNECT_TIMEOUT' ? 'connect-timeout' : 'connect-failed';
  return {
    state: 'failed',
    doneMs,
    chunkMs: [],
    error: failure(kind, message === '' ? String(code) : message),
  };
}
