import type { Socket } from 'node:net';
import { buildConnector, Client, type Dispatcher } from 'undici';
import type { Clock } from './clock.js';

/** Longer than any pause between two requests of a slot, ms; a server's own keep-alive hint can shorten it. */
const KEEP_ALIVE_MS = 600_000;

/**
 * One TCP or TLS connection, opened before it is needed and used by one request at a time. When it has died it isn't opened
 * again: a connect must never hide inside a request's latency.
 */
export class Connection {
  /** When the latest bytes arrived, ms on the run's clock: taken when the socket becomes readable, before undici reads it. */
  readMs = 0;
  private used = false;
  private readonly client: Client;

  constructor(
    private readonly socket: Socket,
    origin: string,
    clock: Clock,
  ) {
    socket.on('error', () => {});
    socket.on('readable', () => {
      this.readMs = clock.now();
      // Nothing was asked yet: the server hung up, or isn't one that speaks HTTP.
      if (!this.used) socket.destroy();
    });
    this.client = new Client(origin, {
      // Not at once: undici asks while it handles the request, and takes the answer only when it is through.
      connect: (_options, callback) => queueMicrotask(() => this.handOver(callback)),
      keepAliveTimeout: KEEP_ALIVE_MS,
      headersTimeout: 0,
      bodyTimeout: 0,
      pipelining: 1,
    });
  }

  get usable(): boolean {
    return !this.socket.destroyed;
  }

  /** `handler` gets an error when the connection is gone. */
  dispatch(request: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): void {
    this.client.dispatch(request, handler);
  }

  close(): void {
    this.socket.destroy();
    void this.client.destroy(null);
  }

  private handOver(callback: buildConnector.Callback): void {
    const isGone = this.used || this.socket.destroyed;
    this.used = true;
    if (isGone) callback(new Error('the connection was closed'), null);
    else callback(null, this.socket);
  }
}

export type Connect = () => Promise<Connection>;

/** Opens connections to the host of `url`; each rejects after `timeoutMs`, and when the signal is aborted. */
export function createConnect(url: URL, timeoutMs: number, clock: Clock, signal: AbortSignal): Connect {
  const connector = buildConnector({ timeout: timeoutMs });
  const options = {
    hostname: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    host: url.host,
    protocol: url.protocol,
    port: url.port,
  };
  const waiting = new Set<() => void>();
  signal.addEventListener('abort', () => waiting.forEach((giveUp) => giveUp()), { once: true });
  return () =>
    new Promise((resolve, reject) => {
      const giveUp = () => reject(new Error('the run was stopped'));
      waiting.add(giveUp);
      connector(options, (error, socket) => {
        waiting.delete(giveUp);
        if (error !== null) reject(error);
        else if (signal.aborted) socket.destroy();
        else resolve(new Connection(socket, url.origin, clock));
      });
      if (signal.aborted) giveUp();
    });
}
