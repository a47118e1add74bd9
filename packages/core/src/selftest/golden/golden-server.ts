import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { messageOf, SweeplineError } from '../../errors.js';
import { startClock } from '../../load/health/clock.js';
import type { ApiName } from '../../load/client/codecs/names.js';
import { Events } from './events.js';
import { formatOf } from './formats/index.js';
import { GoldenConnection, type Shared } from './golden-connection.js';
import { LogRow } from './log-row.js';
import { GOLDEN_LOG_SCHEMA, type GoldenLog } from './log.js';
import { Metronome } from './metronome.js';
import { Slots } from './slots.js';
import {
  answerOptionsSchema,
  goldenOptionsSchema,
  type AnswerOptions,
  type GoldenInput,
  type GoldenOptions,
} from './options.js';

/** The most connections that may arrive at once; the system holds them until they are accepted. */
const BACKLOG = 4096;

export interface GoldenHooks {
  /** What differs for one request, by its number, which is also the answer's. */
  readonly answerFor?: (ordinal: number) => Partial<AnswerOptions>;
  /** CPU seconds used by this process so far. */
  readonly cpuSeconds?: () => number;
}

/** A server that answers exactly as configured, and knows exactly how it answered. */
export interface GoldenServer extends AsyncDisposable {
  /** Without a trailing slash. */
  readonly url: string;
  readonly port: number;
  /** What it has done so far. */
  log(): GoldenLog;
  close(): Promise<void>;
}

/**
 * Starts a server that streams tokens of known text at known times, to check a load generator against. Answers are numbered in order of
 * arrival; their text is `goldenText` of their number. It accepts any model name.
 * @throws {SweeplineError} SERVER_SPAWN_FAILED if it can't listen, or can't use its certificate.
 */
export async function startGoldenServer(
  input: GoldenInput = {},
  hooks: GoldenHooks = {},
): Promise<GoldenServer> {
  const options = goldenOptionsSchema.parse(input);
  const golden = new Golden(options, hooks);
  const server = await listening(options, (socket) => golden.accept(socket));
  const { port } = server.address() as AddressInfo;
  const close = (): Promise<void> => golden.close(server);
  return {
    url: `${options.tls === undefined ? 'http' : 'https'}://${hostOf(options)}:${port}`,
    port,
    log: () => golden.log(),
    close,
    [Symbol.asyncDispose]: close,
  };
}

async function listening(options: GoldenOptions, accept: (socket: Socket) => void): Promise<Server> {
  const { host, port, tls } = options;
  try {
    const server = tls === undefined ? createServer(accept) : createTlsServer({ ...tls }, accept);
    server.listen({ host, port, backlog: BACKLOG });
    await once(server, 'listening');
    return server;
  } catch (cause) {
    const what = `can't serve at ${hostOf(options)}:${port}: ${messageOf(cause)}`;
    throw new SweeplineError('SERVER_SPAWN_FAILED', what, { cause });
  }
}

/** The form that URLs use. */
function hostOf({ host }: GoldenOptions): string {
  return host.includes(':') ? `[${host}]` : host;
}

class Golden {
  private readonly clock = startClock();
  private readonly metronome: Metronome;
  private readonly rows: LogRow[] = [];
  private readonly sockets = new Set<Socket>();
  private readonly rendered = new Map<string, Events>();
  private readonly answerOptions: AnswerOptions;
  private readonly shared: Shared;
  private connections = 0;
  private admitted = 0;

  constructor(
    private readonly options: GoldenOptions,
    private readonly hooks: GoldenHooks,
  ) {
    this.answerOptions = answerOptionsSchema.strip().parse(options);
    this.metronome = new Metronome(() => this.clock.now(), options.spin);
    this.shared = {
      clock: this.clock,
      metronome: this.metronome,
      slots: new Slots(options.slots),
      idleCloseMs: options.idleCloseMs,
      admit: (known) => this.admit(known),
      optionsFor: (ordinal) => ({ ...this.answerOptions, ...hooks.answerFor?.(ordinal) }),
      events: (api, answerOptions) => this.events(api, answerOptions),
    };
  }

  accept(socket: Socket): void {
    this.sockets.add(socket);
    socket.on('close', () => this.sockets.delete(socket));
    new GoldenConnection(socket, this.connections++, this.shared);
  }

  log(): GoldenLog {
    const { originUnixMs, originMonotonicMs } = this.clock;
    return {
      schema: GOLDEN_LOG_SCHEMA,
      originUnixMs,
      originMonotonicMs,
      connections: this.connections,
      requests: this.rows.map((row) => row.request()),
    };
  }

  async close(server: Server): Promise<void> {
    if (!server.listening) return;
    const closed = once(server, 'close');
    server.close();
    for (const socket of this.sockets) socket.destroy();
    this.metronome.close();
    await closed;
  }

  private admit(known: Parameters<Shared['admit']>[0]): LogRow {
    const { log, firstOrdinal } = this.options;
    const ordinal = firstOrdinal + this.admitted++;
    const row = new LogRow({ ...known, ordinal }, log === 'writes', this.hooks.cpuSeconds);
    if (log !== 'nothing') this.rows.push(row);
    return row;
  }

  /** Answers with the same framing share what was rendered. */
  private events(api: ApiName, options: AnswerOptions): Events {
    const { framing, chunkBytes, lineEnd, noise, text, usage } = options;
    const key = [api, framing, chunkBytes, lineEnd, noise, text, usage].join();
    const events = this.rendered.get(key) ?? new Events(formatOf(api), options);
    this.rendered.set(key, events);
    return events;
  }
}
