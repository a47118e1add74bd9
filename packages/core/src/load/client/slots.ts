import type { Connect, Connection } from './connection.js';
import type { LoadSpec } from '../spec/spec.js';

/** Connects at the same time at most: a server's accept queue holds a few hundred. */
const CONNECTS_AT_ONCE = 128;

/** What became of connections. */
export interface ConnectionCounts {
  opened: number;
  /** Ended by the server: before their request was answered, or kept ones while they were idle. */
  dropped: number;
  /** Requests that were sent again because their kept connection was gone. */
  retried: number;
}

/** Whether kept connections stay, as far as requests have shown it. */
export interface Keeping {
  /** Requests that were answered on a connection which was to be kept. */
  readonly answered: number;
  /** Of these connections, those that the server has closed since. */
  readonly closed: number;
}

/** The connections of a run's slots. */
export interface Slots {
  readonly counts: ConnectionCounts;
  readonly keeping: Keeping;
  /**
   * Opens what `count` slots need for their first requests, before any clock starts. What can't be opened now is tried again by
   * `take`.
   */
  prepare(count: number): Promise<void>;
  /** A slot's connection, if it is open already: no time is lost on a promise then. */
  takeOpen(slot: number): Connection | undefined;
  /** An open connection for a slot's next request; rejects when there can't be one. */
  take(slot: number): Promise<Connection>;
  /** The request is on its way: time to see to the connection of the slot's next one. */
  sent(slot: number): void;
  /** The slot's request has ended. */
  ended(slot: number): void;
  /** Whether the connection of the slot's last request had served another before. */
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
  /** Kept connections that were closed when their next request came; those that wait still are looked at when it is asked for. */
  private foundClosed = 0;
  /** Open, and waiting for a request. */
  private readonly open = new Map<number, Connection>();
  private readonly opening = new Map<number, Promise<unknown>>();
  private readonly inUse = new Map<number, Connection>();
  /** Slots whose open connection has served a request, or whose last one had before its own. */
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
    // Closed with its answer, or by this side.
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

  /** Never rejects: who takes the connection tries again and sees the error. */
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
