import type { Connect, Connection } from './connection.js';
import type { LoadSpec } from './spec.js';

/** Connects at the same time at most: a server's accept queue holds a few hundred. */
const CONNECTS_AT_ONCE = 128;

/** The connections of a run's slots. */
export interface Slots {
  /**
   * Opens what `count` slots need for their first requests, before any clock starts. What can't be opened now is tried again by
   * `take`.
   */
  prepare(count: number): Promise<void>;
  /** An open connection for a slot's next request; rejects when there can't be one. */
  take(slot: number): Promise<Connection>;
  /** The request is on its way: time to see to the connection of the slot's next one. */
  sent(slot: number): void;
  /** The slot's request has ended. */
  ended(slot: number): void;
  close(): void;
}

export function createSlots(mode: LoadSpec['connections'], connect: Connect): Slots {
  const ready = new Map<number, Promise<Connection>>();
  const inUse = new Map<number, Connection>();
  const open = (slot: number): Promise<Connection> => {
    const opening = connect();
    // Whoever takes it sees the error; until then it is nobody's.
    opening.catch(() => {});
    ready.set(slot, opening);
    return opening;
  };
  return {
    prepare: (count) =>
      prepare(count, async (slot) => {
        const connection = await ready.get(slot)?.catch(() => undefined);
        if (connection?.usable !== true) await open(slot).catch(() => ready.delete(slot));
      }),
    async take(slot) {
      const early = await ready.get(slot)?.catch(() => undefined);
      ready.delete(slot);
      const connection = early?.usable === true ? early : await connect();
      inUse.set(slot, connection);
      return connection;
    },
    sent(slot) {
      if (mode === 'per-request') void open(slot);
    },
    ended(slot) {
      const connection = inUse.get(slot);
      inUse.delete(slot);
      if (connection === undefined) return;
      if (mode === 'per-slot' && connection.usable) ready.set(slot, Promise.resolve(connection));
      else connection.close();
    },
    close() {
      for (const connection of inUse.values()) connection.close();
      for (const opening of ready.values())
        opening.then(
          (connection) => connection.close(),
          () => {},
        );
      ready.clear();
    },
  };
}

async function prepare(count: number, open: (slot: number) => Promise<unknown>): Promise<void> {
  let next = 0;
  const worker = async () => {
    while (next < count) await open(next++);
  };
  await Promise.all(Array.from({ length: Math.min(count, CONNECTS_AT_ONCE) }, worker));
}
