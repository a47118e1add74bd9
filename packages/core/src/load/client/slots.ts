import type { Connect, Connection } from './connection.js';
import type { LoadSpec } from '../spec/spec.js';

/** Most connects at the same time: a server's accept queue holds a few hundred. */
const CONNECTS_AT_ONCE = 128;

/** Counts of connections. */
export interface ConnectionCounts {
  opened: number;
  /** Closed by the server before their request was answered, or, if kept, while idle. */
  dropped: number;
  /** Requests that were sent again because their kept connection had been closed. */
  retried: number;
}

/** Whether the server keeps connections open, as far as requests have shown. */
export interface Keeping {
  /** Requests that were answered on a connection meant to be kept. */
  readonly answered: number;
  /** How many of these connections the server has closed since. */
  readonly closed: number;
}

/** The connections of a run's slots. */
export interface Slots {
  readonly counts: ConnectionCounts;
  readonly keeping: Keeping;
  /**
   * Opens the connections for the first requests of `count` slots before any clock starts. `take` retries those that can't be
   * opened now.
   */
  prepare(count: number): Promise<void>;
  /** A slot's connection if it is already open; avoids the delay of a promise. */
  takeOpen(slot: number): Connection | undefined;
  /** An open connection for a slot's next request; rejects when none can be opened. */
  take(slot: number): Promise<Connection>;
  /** Call it when the request has been sent: the connection for the slot's next request can be prepared. */
  sent(slot: number): void;
  /** The slot's request has ended. */
  ended(slot: number): void;
  /** Whether the connection of the slot's last request had served another request before. */
  wasReused(slot: number): boolean;
  close(): void;
}

export function createSlots(mode: LoadSpec['connections'], connect: Connect): Slots {
  return new ConnectionSlots(mode, connect);
}

class ConnectionSlots implements Slots {
  readonly counts: ConnectionCounts = { opened: 0, dropped: 0, retried: 0 };
  private closed = false;
  private answered = 0;
  /** Kept connections that were closed before their next request. Those still waiting are checked when `keeping` is read. */
  private foundClosed = 0;
  /** Open connections that wait for a request. */
  private readonly open = new Map<number, Connection>();
  private readonly opening = new Map<number, Promise<unknown>>();
  private readonly inUse = new Map<number, Connection>();
  /** Slots whose open connection has served a request, or whose last request used a connection that had served one before. */
  private readonly kept = new Set<number>();
  private readonly reused = new Set<number>();

  constructor(
    private readonly mode: LoadSpec['connections'],
    private readonly connect: Connect,
  ) {}

  get keeping(): Keeping {
    const waiting = [...this.open].filter(([slot, { usable }]) => this.kept.has(slot) && !usable).length;
    return { answered: this.answered, closed: this.foundClosed + waiting };
  }

  async prepare(count: number): Promise<void> {
    let next = 0;
    const worker = async () => {
      while (next < count) await this.openAhead(next++);
    };
    await Promise.all(Array.from({ length: Math.min(count, CONNECTS_AT_ONCE) }, worker));
  }

  takeOpen(slot: number): Connection | undefined {
    const connection = this.open.get(slot);
    if (connection === undefined) return undefined;
    this.open.delete(slot);
    if (!connection.usable) {
      this.droppedIdle(slot);
      return undefined;
    }
    this.use(slot, connection, this.kept.has(slot));
    return connection;
  }

  async take(slot: number): Promise<Connection> {
    await this.opening.get(slot);
    const early = this.takeOpen(slot);
    if (early !== undefined) return early;
    const connection = await this.connect();
    this.counts.opened++;
    this.use(slot, connection, false);
    return connection;
  }

  sent(slot: number): void {
    if (this.mode === 'per-request') void this.openAhead(slot);
  }

  ended(slot: number): void {
    const connection = this.inUse.get(slot);
    if (connection === undefined) return;
    this.inUse.delete(slot);
    if (connection.wasLost) {
      this.counts.dropped++;
      if (this.reused.has(slot)) this.foundClosed++;
    } else this.answered++;
    if (this.mode === 'per-slot' && connection.usable) {
      this.open.set(slot, connection);
      this.kept.add(slot);
      return;
    }
    // Closed together with its answer, or by the client.
    if (!connection.wasLost) this.foundClosed++;
    connection.close();
  }

  wasReused(slot: number): boolean {
    return this.reused.has(slot);
  }

  close(): void {
    this.closed = true;
    for (const connection of [...this.inUse.values(), ...this.open.values()]) connection.close();
    this.open.clear();
  }

  private droppedIdle(slot: number): void {
    this.counts.dropped++;
    if (this.kept.has(slot)) this.foundClosed++;
  }

  private use(slot: number, connection: Connection, reused: boolean): void {
    this.inUse.set(slot, connection);
    if (reused) this.reused.add(slot);
    else this.reused.delete(slot);
  }

  /** Never rejects: `take` tries again and reports the error. */
  private async openAhead(slot: number): Promise<void> {
    const last = this.open.get(slot);
    if (last?.usable === true) return;
    if (last !== undefined) this.droppedIdle(slot);
    this.open.delete(slot);
    const opening = this.connect().then(
      (connection) => {
        this.counts.opened++;
        if (this.closed) connection.close();
        else this.open.set(slot, connection);
        this.kept.delete(slot);
      },
      () => {},
    );
    this.opening.set(slot, opening);
    await opening;
    if (this.opening.get(slot) === opening) this.opening.delete(slot);
  }
}
