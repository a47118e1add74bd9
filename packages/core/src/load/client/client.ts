import type { Clock } from '../health/clock.js';
import { accessHeaders, type Access } from './access.js';
import type { Codec } from './codec.js';
import { ConnectTimeout, createConnect, type Connection } from './connection.js';
import type { Outcome } from '../records/request-record.js';
import { Exchange, type ExchangeOptions } from './exchange.js';
import { failure } from './failure.js';
import type { Live } from '../health/tally.js';
import type { Prompt } from '../prompts/prompt.js';
import { createSlots, type ConnectionCounts, type Keeping } from './slots.js';
import type { LoadSpec } from '../spec/spec.js';
import { tokensAsked } from './usage.js';

export interface ClientOptions extends Access {
  readonly clock: Clock;
  readonly codec: Codec;
  readonly live: Live;
  readonly signal: AbortSignal;
  /** Removes secrets from messages. */
  readonly mask?: (text: string) => string;
  /** Whether outcomes include the text of the answer. */
  readonly keepText?: boolean;
}

/** Streams completions from the endpoint of a spec. */
export interface LoadClient {
  /** Opens the connections of slots 0 to count − 1. */
  prepare(count: number): Promise<void>;
  /**
   * Sends one request over a slot's connection, with an index if it has one, and resolves when it has ended, whatever the
   * outcome; never rejects.
   */
  send(slot: number, prompt: Prompt, index?: number): Promise<Outcome>;
  /** Counts of its connections since the latest `connectAs`. */
  readonly connections: ConnectionCounts;
  /** When the latest bytes of any answer arrived, ms; 0 before the first ones. */
  readonly latestReadMs: number;
  readonly keeping: Keeping;
  /** From now on uses one connection per request, or a kept one per slot. No request may be in flight. */
  connectAs(mode: LoadSpec['connections']): void;
  close(): void;
}

export function createClient(spec: LoadSpec, options: ClientOptions): LoadClient {
  return new SlotClient(spec, options);
}

class SlotClient implements LoadClient {
  private slots;
  private write;
  private mode;
  private readonly connect;
  private readonly asked: (prompt: Prompt) => number;
  private readonly exchanges: Exchange[] = [];
  private readonly exchangeOptions: ExchangeOptions;
  private readonly cancel = (): void =>
    this.exchanges.forEach((exchange) => exchange.stop('cancelled', 'the run was stopped'));

  constructor(
    private readonly spec: LoadSpec,
    private readonly options: ClientOptions,
  ) {
    this.asked = ({ lengths }) => tokensAsked(lengths.requestedOutputTokens, spec.extraBody);
    const { clock, signal } = options;
    this.connect = createConnect(new URL(spec.endpoint.baseUrl), spec.timeouts.connectS * 1000, {
      clock,
      signal,
      insecure: spec.endpoint.insecure === true,
    });
    this.mode = spec.connections;
    this.slots = createSlots(this.mode, this.connect);
    this.write = requestWriter(spec, this.mode, options);
    this.exchangeOptions = {
      ...options,
      timeoutMs: spec.timeouts.requestS * 1000,
      mostPerChunk: spec.tokensPerChunk?.max,
    };
    signal.addEventListener('abort', this.cancel);
  }

  get connections(): ConnectionCounts {
    return this.slots.counts;
  }

  get latestReadMs(): number {
    return this.exchanges.reduce((latest, { readMs }) => Math.max(latest, readMs), 0);
  }

  get keeping(): Keeping {
    return this.slots.keeping;
  }

  connectAs(mode: LoadSpec['connections']): void {
    if (mode === this.mode) {
      Object.assign(this.slots.counts, { opened: 0, dropped: 0, retried: 0 } satisfies ConnectionCounts);
      return;
    }
    this.slots.close();
    this.mode = mode;
    this.slots = createSlots(mode, this.connect);
    this.write = requestWriter(this.spec, mode, this.options);
  }

  prepare(count: number): Promise<void> {
    return this.slots.prepare(count);
  }

  async send(slot: number, prompt: Prompt, index?: number): Promise<Outcome> {
    const request = this.write(prompt, index);
    const asked = this.asked(prompt);
    const outcome = await this.attempt(slot, request, asked);
    const { sentMs } = outcome;
    if (sentMs === undefined || !this.diedUnanswered(slot, outcome)) return outcome;
    this.slots.counts.retried++;
    // The request was sent, even if no connection can be opened to send it again.
    return { sentMs, ...(await this.attempt(slot, request, asked, true)), retries: 1 };
  }

  close(): void {
    this.options.signal.removeEventListener('abort', this.cancel);
    this.exchanges.forEach((exchange) => exchange.close());
    this.slots.close();
  }

  private async attempt(slot: number, request: string, asked: number, isAgain = false): Promise<Outcome> {
    const { signal, clock, live } = this.options;
    let connection: Connection;
    try {
      connection = this.slots.takeOpen(slot) ?? (await this.slots.take(slot));
    } catch (error) {
      return signal.aborted ? stoppedBeforeSent(clock.now()) : notConnected(error, clock.now());
    }
    if (signal.aborted) {
      this.slots.ended(slot);
      return stoppedBeforeSent(clock.now());
    }
    if (!isAgain) live.sent();
    const outcome = await this.exchange(slot, connection, request, asked);
    this.slots.ended(slot);
    return outcome;
  }

  private exchange(slot: number, connection: Connection, request: string, asked: number): Promise<Outcome> {
    const exchange = (this.exchanges[slot] ??= new Exchange(this.exchangeOptions));
    const ended = exchange.send(connection, request, asked);
    this.slots.sent(slot);
    return ended;
  }

  /**
   * Servers close connections that were idle for a while; a request that is sent at that moment is never read. It is sent once
   * more, on a new connection.
   */
  private diedUnanswered(slot: number, { error }: Outcome): boolean {
    const lost = error?.code === 'connection-lost' && this.exchanges[slot]?.unanswered === true;
    return lost && this.slots.wasReused(slot) && !this.options.signal.aborted;
  }
}

/** Writes whole requests; the part that all of them share is built once. */
function requestWriter(
  spec: LoadSpec,
  mode: LoadSpec['connections'],
  { codec, ...access }: Pick<ClientOptions, 'codec' | keyof Access>,
): (prompt: Prompt, index?: number) => string {
  const base = new URL(spec.endpoint.baseUrl);
  const lines = [
    `POST ${base.pathname.replace(/\/+$/, '')}${codec.path} HTTP/1.1`,
    `host: ${base.host}`,
    'content-type: application/json',
    'accept: text/event-stream',
    // Without this header any coding would be acceptable (RFC 9110, section 12.5.3).
    'accept-encoding: identity',
    'user-agent: sweepline',
    `connection: ${mode === 'per-slot' ? 'keep-alive' : 'close'}`,
    ...Object.entries(accessHeaders(access)).map(([name, value]) => `${name}: ${value}`),
  ];
  const shared = `${lines.join('\r\n')}\r\ncontent-length: `;
  const writeBody = codec.bodyWriter(spec);
  const { requestIdPrefix: prefix } = spec;
  return (prompt, index) => {
    const body = writeBody(prompt);
    const id = prefix === undefined || index === undefined ? '' : `\r\nx-request-id: ${prefix}${index}`;
    return `${shared}${Buffer.byteLength(body)}${id}\r\n\r\n${body}`;
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
