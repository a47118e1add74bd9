import { setTimeout } from 'node:timers/promises';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Fault, Framing } from './faults.js';
import { COMPLETION_PATHS, readBody, readRequest, type FakeRequest } from './fake-request.js';
import { EventWriter, eventsOf, isSpoilt, wholeAnswer, type Answer } from './fake-stream.js';
import { Condition, Gate } from './gate.js';

const LOOPBACK = '127.0.0.1';

export interface FakeServerOptions {
  /** Default: 0, a free port. */
  readonly port?: number;
  /** Address of this machine to listen on. Default: 127.0.0.1. */
  readonly host?: string;
  /** Name of the served model; requests for another one get 404. Default: `fake-model`. */
  readonly model?: string;
  readonly faults?: readonly Fault[];
  /** The completion requests, counted from 1, that faults apply to. Default: all. */
  readonly faultAt?: (ordinal: number) => boolean;
  readonly framing?: Framing;
  /** Pause before each event of a stream except the first. Default: none, so tokens may arrive together. */
  readonly tokenMs?: number;
  /** Counts the tokens of a text prompt. Default: one token per word. Token ids count as they are. */
  readonly countTokens?: (text: string) => number;
  /** Number of special tokens added to every prompt's count. */
  readonly specialTokens?: number;
  /** Bodies with which other paths are answered. */
  readonly answers?: Readonly<Record<string, string>>;
  /** If set, only requests with this bearer token are served. */
  readonly apiKey?: string;
}

/** What a server has done so far. */
export interface FakeServerStats {
  /** Completion requests received. */
  requests: number;
  completed: number;
  /** Refused, or answered wrongly on purpose. */
  failed: number;
  /** Ended early by the client. */
  cancelled: number;
  inFlight: number;
  peakInFlight: number;
  promptTokens: number;
  outputTokens: number;
  connections: number;
}

export interface FakeServer extends AsyncDisposable {
  /** Without a trailing slash. */
  readonly url: string;
  readonly port: number;
  readonly stats: Readonly<FakeServerStats>;
  /** Completion requests in order of arrival. */
  readonly requests: readonly FakeRequest[];
  /** Makes answers stop after `events` events, or before their status line, until they are released. */
  hold(events?: number): void;
  /** Releases this many held answers, or all of them, and holds no further ones. */
  release(count?: number): void;
  /** Resolves when the predicate holds; it is checked at every change of the stats. */
  when(isMet: (stats: Readonly<FakeServerStats>) => boolean): Promise<void>;
  close(): Promise<void>;
}

/** Starts an OpenAI-compatible server whose answers have exactly the requested number of tokens. */
export async function startFakeServer(options: FakeServerOptions = {}): Promise<FakeServer> {
  const fake = new Fake(options);
  const server = createServer((message, response) => void fake.handle(message, response));
  server.on('connection', () => fake.count({ connections: 1 }));
  server.listen(options.port ?? 0, options.host ?? LOOPBACK);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const close = () => closeServer(server);
  return {
    url: `http://${options.host ?? LOOPBACK}:${port}`,
    port,
    stats: fake.stats,
    requests: fake.requests,
    hold: (events = 0) => fake.hold(events),
    release: (count) => fake.gate.release(count),
    when: (isMet) => fake.condition.when(() => isMet(fake.stats)),
    close,
    [Symbol.asyncDispose]: close,
  };
}

async function closeServer(server: Server): Promise<void> {
  if (!server.listening) return;
  const closed = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await closed;
}

class Fake {
  readonly gate = new Gate();
  readonly condition = new Condition();
  readonly requests: FakeRequest[] = [];
  readonly stats: FakeServerStats = {
    requests: 0,
    completed: 0,
    failed: 0,
    cancelled: 0,
    inFlight: 0,
    peakInFlight: 0,
    promptTokens: 0,
    outputTokens: 0,
    connections: 0,
  };
  private holdAfter = 0;

  constructor(private readonly options: FakeServerOptions) {}

  hold(events: number): void {
    this.holdAfter = events;
    this.gate.close();
  }

  count(changes: Partial<FakeServerStats>): void {
    for (const [key, change] of Object.entries(changes)) this.stats[key as keyof FakeServerStats] += change;
    this.stats.peakInFlight = Math.max(this.stats.peakInFlight, this.stats.inFlight);
    this.condition.changed();
  }

  async handle(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = (message.url ?? '').replace(/\?.*$/, '');
    const api = COMPLETION_PATHS[path.replace(/^.*(?=\/v1\/)/, '')];
    const own = this.options.answers?.[path];
    if (api !== undefined && message.method === 'POST') await this.complete(api, message, response);
    else if (own !== undefined) response.writeHead(200, { 'content-type': 'text/plain' }).end(own);
    else if (path.endsWith('/health')) sendJson(response, this.has('never-ready') ? 503 : 200, {});
    else if (path.endsWith('/v1/models'))
      sendJson(response, 200, { object: 'list', data: [{ id: this.model }] });
    else sendError(response, 404, `no such path: ${path}`);
  }

  private get model(): string {
    return this.options.model ?? 'fake-model';
  }

  private has(fault: Fault): boolean {
    return this.options.faults?.includes(fault) ?? false;
  }

  private async complete(
    api: FakeRequest['api'],
    message: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const body = await readBody(message).catch(() => ({}));
    const request = readRequest(this.requests.length + 1, api, body, message.headers.authorization);
    this.requests.push(request);
    this.count({ requests: 1, inFlight: 1 });
    let open = true;
    const end = (how: 'completed' | 'failed' | 'cancelled') => {
      if (open) this.count({ [how]: 1, inFlight: -1 });
      open = false;
    };
    response.on('close', () => end('cancelled'));
    await this.answer(request, response, end);
  }

  private async answer(
    request: FakeRequest,
    response: ServerResponse,
    end: (how: 'completed' | 'failed') => void,
  ): Promise<void> {
    const isFaulty = this.options.faultAt?.(request.ordinal) ?? true;
    const faults = new Set(isFaulty ? this.options.faults : []);
    if (this.holdAfter === 0) await this.gate.pass();
    const refusal = this.refusal(request, faults);
    if (refusal !== undefined) {
      end('failed');
      sendError(response, refusal.status, refusal.message);
      return;
    }
    const answer = this.answerTo(request, faults);
    this.count({ promptTokens: answer.promptTokens });
    if (request.stream) {
      await this.stream(answer, response, end);
      return;
    }
    this.count({ outputTokens: answer.tokens });
    end('completed');
    sendJson(response, 200, wholeAnswer(answer));
  }

  private answerTo({ api, prompt, maxTokens }: FakeRequest, faults: ReadonlySet<Fault>): Answer {
    const count = this.options.countTokens ?? ((text: string) => text.split(/\s+/).filter(Boolean).length);
    return {
      api,
      model: this.model,
      tokens: faults.has('short-output') ? Math.ceil(maxTokens / 2) : maxTokens,
      promptTokens:
        (typeof prompt === 'string' ? count(prompt) : prompt.length) + (this.options.specialTokens ?? 0),
      faults,
      framing: this.options.framing ?? {},
    };
  }

  private refusal(
    request: FakeRequest,
    faults: ReadonlySet<Fault>,
  ): { status: number; message: string } | undefined {
    const { apiKey } = this.options;
    if (apiKey !== undefined && request.authorization !== `Bearer ${apiKey}`) {
      return { status: 401, message: `invalid token: ${request.authorization ?? 'none'}` };
    }
    if (request.model !== this.model)
      return { status: 404, message: `the model ${request.model} does not exist` };
    if (faults.has('status-500')) return { status: 500, message: 'the engine is dead' };
    if (faults.has('refuse-token-ids') && typeof request.prompt !== 'string') {
      return { status: 400, message: 'prompt must be a string' };
    }
    return undefined;
  }

  private async stream(
    answer: Answer,
    response: ServerResponse,
    end: (how: 'completed' | 'failed') => void,
  ): Promise<void> {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const writer = new EventWriter(response, answer.framing);
    const { events, reset } = eventsOf(answer);
    for (const [index, data] of events.entries()) {
      if (index > 0 && index === this.holdAfter) {
        writer.flush();
        await this.gate.pass();
      }
      if (index > 0 && this.options.tokenMs !== undefined) await setTimeout(this.options.tokenMs);
      if (response.destroyed) return;
      writer.event(data);
      if (index < answer.tokens) this.count({ outputTokens: 1 });
    }
    writer.flush();
    end(isSpoilt(answer) ? 'failed' : 'completed');
    // The events must have left before the reset; otherwise it would overtake them.
    if (reset) response.write(':\n\n', () => response.socket?.resetAndDestroy());
    else response.end();
  }
}

function sendError(response: ServerResponse, status: number, message: string): void {
  sendJson(response, status, { error: { message, type: 'fake', code: status } });
}

function sendJson(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
