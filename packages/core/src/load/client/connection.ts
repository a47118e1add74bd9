import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { ArrivalClock } from './arrival-clock.js';
import type { Clock } from '../health/clock.js';
import { MalformedResponse, ResponseReader, type ResponseSink } from './wire/response-reader.js';

/** The sender of a request: receives the response, or is notified when the connection ends before it is complete. */
export interface Requester extends ResponseSink {
  /** `unanswered`: not a single byte of the answer had arrived. */
  lost(error: Error, unanswered: boolean): void;
}

/** Most bytes per read from a socket. Readers process them during the call, so one buffer is enough for all connections. */
const READ_BUFFER = Buffer.allocUnsafeSlow(65_536);

/**
 * One TCP or TLS connection, opened in advance and used by one request at a time. It is never reopened: a connect must never be
 * hidden in a request's latency.
 */
export class Connection {
  /**
   * When the latest bytes of the answer arrived, ms on the run's clock: taken when the event loop sees them, before they are
   * processed. 0 before the first ones.
   */
  readMs = 0;
  /** Whether the server closed it before its request was answered. */
  wasLost = false;
  /** No answer can arrive earlier than this. */
  private sentMs = 0;
  private requester: Requester | undefined;
  private readonly reader = new ResponseReader({
    head: (status, retryAfterS) => this.requester?.head(status, retryAfterS),
    body: (bytes, begin, end) => this.requester?.body(bytes, begin, end),
    end: (reusable) => this.complete(reusable),
  });

  constructor(
    private readonly socket: Socket,
    private readonly arrivals: ArrivalClock,
  ) {}

  /** Registers for the socket's events. */
  listen(): void {
    this.socket
      .on('data', (bytes: Buffer) => this.received(bytes, bytes.length))
      .on('error', (error) => this.ended(error, false))
      .on('end', () => this.ended(new Error('the server closed the connection'), true))
      .on('close', () => this.ended(new Error('the connection was closed'), true));
  }

  get usable(): boolean {
    return !this.socket.destroyed && this.requester === undefined;
  }

  /** Writes a request, head and body, at `sentMs`; the answer goes to `requester`. It must be `usable`. */
  request(text: string, requester: Requester, sentMs: number): void {
    this.requester = requester;
    this.sentMs = sentMs;
    this.readMs = 0;
    this.reader.reset();
    this.socket.write(text);
  }

  /** Closes it for good; an answer in progress is dropped. */
  close(): void {
    this.requester = undefined;
    this.socket.destroy();
  }

  /** Bytes have arrived: the first `length` of the buffer. */
  received(bytes: Buffer, length: number): void {
    this.readMs = Math.max(this.arrivals.read(), this.sentMs);
    if (this.requester === undefined) {
      // No request was sent: this server doesn't speak HTTP, or sends more than an answer.
      this.socket.destroy();
      return;
    }
    try {
      this.reader.feed(bytes, 0, length);
    } catch (error) {
      if (!(error instanceof MalformedResponse)) throw error;
      this.ended(error, false);
    }
  }

  private complete(reusable: boolean): void {
    const { requester } = this;
    this.requester = undefined;
    if (!reusable) this.socket.destroy();
    requester?.end(reusable);
  }

  /** @param orderly such an end completes an answer that is delimited by the end of the connection; a reset doesn't. */
  private ended(error: Error, orderly: boolean): void {
    const { requester } = this;
    if (requester !== undefined) {
      const unanswered = this.readMs === 0;
      this.readMs = Math.max(this.arrivals.read(), this.sentMs);
      if (!orderly || !this.reader.close()) {
        this.requester = undefined;
        this.wasLost = !(error instanceof MalformedResponse);
        requester.lost(error, unanswered);
      }
    }
    this.socket.destroy();
  }
}

export type Connect = () => Promise<Connection>;

export class ConnectTimeout extends Error {}

export interface ConnectOptions {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Accepts any certificate. */
  readonly insecure?: boolean;
}

/** Opens connections to the host of `url`; each rejects after `timeoutMs`, or when the signal is aborted. */
export function createConnect(
  url: URL,
  timeoutMs: number,
  { clock, signal, insecure = false }: ConnectOptions,
): Connect {
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  const secure = url.protocol === 'https:';
  const port = Number(url.port === '' ? (secure ? 443 : 80) : url.port);
  const arrivals = new ArrivalClock(() => clock.now());
  const waiting = new Set<() => void>();
  signal.addEventListener('abort', () => waiting.forEach((giveUp) => giveUp()), { once: true });
  return () =>
    new Promise((resolve, reject) => {
      const opened = secure ? openTls(host, port, insecure) : openTcp(host, port);
      const { socket } = opened;
      const settle = (error?: Error): void => {
        waiting.delete(giveUp);
        clearTimeout(timer);
        socket.off('error', settle);
        if (error === undefined) resolve(opened.connection(arrivals));
        else {
          socket.on('error', () => {});
          socket.destroy();
          reject(error);
        }
      };
      const giveUp = (): void => settle(new Error('the run was stopped'));
      const timer = setTimeout(
        () => settle(new ConnectTimeout(`no connection after ${timeoutMs / 1000} s`)),
        timeoutMs,
      );
      waiting.add(giveUp);
      socket.once('error', settle).once(secure ? 'secureConnect' : 'connect', () => settle());
      if (signal.aborted) giveUp();
    });
}

interface Opened {
  readonly socket: Socket;
  connection(arrivals: ArrivalClock): Connection;
}

/** Reads go into one buffer, without the overhead of a stream; Node supports this only for TCP. */
function openTcp(host: string, port: number): Opened {
  let connection: Connection | undefined;
  const socket = connectTcp({
    host,
    port,
    noDelay: true,
    onread: {
      buffer: READ_BUFFER,
      callback: (length, bytes) => {
        connection?.received(bytes as Buffer, length);
        return true;
      },
    },
  });
  return {
    socket,
    connection(arrivals) {
      connection = new Connection(socket, arrivals);
      connection.listen();
      return connection;
    },
  };
}

function openTls(host: string, port: number, insecure: boolean): Opened {
  const servername = isIP(host) === 0 ? { servername: host } : {};
  const socket = connectTls({ host, port, rejectUnauthorized: !insecure, ...servername });
  socket.setNoDelay(true);
  return {
    socket,
    connection(arrivals) {
      const connection = new Connection(socket, arrivals);
      connection.listen();
      return connection;
    },
  };
}
