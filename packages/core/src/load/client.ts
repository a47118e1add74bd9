import type { Clock } from './clock.js';
import type { Codec } from './codec.js';
import { codecOf } from './codecs/index.js';
import { ConnectTimeout, createConnect, type Connection } from './connection.js';
import { Exchange, type Outcome } from './exchange.js';
import { failure } from './failure.js';
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
  const codec = codecOf(spec.endpoint.api);
  const slots = createSlots(
    spec.connections,
    createConnect(base, spec.timeouts.connectS * 1000, clock, signal),
  );
  const write = requestWriter(base, codec, spec, apiKey);
  const inFlight = new Set<Exchange>();
  const cancel = () => inFlight.forEach((exchange) => exchange.stop('cancelled', 'the run was stopped'));
  signal.addEventListener('abort', cancel);

  const exchange = async (
    connection: Connection,
    prompt: Prompt,
    request: string,
    observer: SendObserver,
  ): Promise<Outcome> => {
    const chunks = prompt.lengths.requestedOutputTokens;
    const current = new Exchange(connection, { clock, codec, chunks, secret: apiKey, ...observer });
    const timeout = setTimeout(
      () => current.stop('timed-out', `no end after ${spec.timeouts.requestS} s`),
      spec.timeouts.requestS * 1000,
    );
    inFlight.add(current);
    if (signal.aborted) current.stop('cancelled', 'the run was stopped');
    else current.begin(request);
    const outcome = await current.ended;
    clearTimeout(timeout);
    inFlight.delete(current);
    return outcome;
  };

  return {
    prepare: (count) => slots.prepare(count),
    async send(slot, prompt, observer = {}) {
      const request = write(prompt);
      let connection: Connection;
      try {
        connection = slots.takeOpen(slot) ?? (await slots.take(slot));
      } catch (error) {
        return signal.aborted ? stoppedBeforeSent(clock.now()) : notConnected(error, clock.now());
      }
      const onSent = () => {
        // Later, as the request is written right after this.
        queueMicrotask(() => slots.sent(slot));
        observer.onSent?.();
      };
      const outcome = await exchange(connection, prompt, request, { ...observer, onSent });
      slots.ended(slot);
      return outcome;
    },
    close() {
      signal.removeEventListener('abort', cancel);
      slots.close();
    },
  };
}

/** Writes requests whole, with what all of them share said once. */
function requestWriter(base: URL, codec: Codec, spec: LoadSpec, apiKey?: string): (prompt: Prompt) => string {
  const lines = [
    `POST ${base.pathname.replace(/\/+$/, '')}${codec.path} HTTP/1.1`,
    `host: ${base.host}`,
    'content-type: application/json',
    'accept: text/event-stream',
    'user-agent: sweepline',
    `connection: ${spec.connections === 'per-slot' ? 'keep-alive' : 'close'}`,
    ...(apiKey === undefined ? [] : [`authorization: Bearer ${apiKey}`]),
  ];
  const shared = `${lines.join('\r\n')}\r\ncontent-length: `;
  const writeBody = codec.bodyWriter(spec);
  return (prompt) => {
    const body = writeBody(prompt);
    return `${shared}${Buffer.byteLength(body)}\r\n\r\n${body}`;
  };
}

function stoppedBeforeSent(doneMs: number): Outcome {
  return { state: 'cancelled', doneMs, chunkMs: [] };
}

function notConnected(error: unknown, doneMs: number): Outcome {
  const { code, message } = error as Error & { readonly code?: string };
  const kind = error instanceof ConnectTimeout ? 'connect-timeout' : 'connect-failed';
  return {
    state: 'failed',
    doneMs,
    chunkMs: [],
    error: failure(kind, message === '' ? String(code) : message),
  };
}
