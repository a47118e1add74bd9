import { expect, it } from 'vitest';
import type { Connection } from '../../src/load/client/connection.js';
import { createSlots } from '../../src/load/client/slots.js';

/** Counts opened connections; each is usable until it is closed. */
function opener() {
  const opened: Connection[] = [];
  const connect = () => {
    let usable = true;
    const connection = {
      get usable() {
        return usable;
      },
      close: () => (usable = false),
    };
    opened.push(connection as unknown as Connection);
    return Promise.resolve(connection as unknown as Connection);
  };
  return { opened, connect };
}

it('opens the next connection of a slot while its request is under way', async () => {
  const { opened, connect } = opener();
  const slots = createSlots('per-request', connect);
  await slots.prepare(2);
  expect(opened).toHaveLength(2);

  await slots.take(0);
  slots.sent(0);

  expect(opened).toHaveLength(3);
  slots.ended(0);
  expect(opened[0]?.usable).toBe(false);
  expect(await slots.take(0)).toBe(opened[2]);
});

it('keeps one connection a slot where that is asked for, and replaces it when it is gone', async () => {
  const { opened, connect } = opener();
  const slots = createSlots('per-slot', connect);
  await slots.prepare(1);
  for (let request = 0; request < 3; request++) {
    expect(await slots.take(0)).toBe(opened[0]);
    slots.sent(0);
    slots.ended(0);
  }

  opened[0]?.close();

  expect(await slots.take(0)).toBe(opened[1]);
  expect(opened).toHaveLength(2);
});

it('counts a kept connection that is gone once, whoever finds that out', async () => {
  const { opened, connect } = opener();
  const slots = createSlots('per-slot', connect);
  await slots.prepare(1);
  await slots.take(0);
  slots.ended(0);
  opened[0]?.close();

  await slots.prepare(1);

  expect(await slots.take(0)).toBe(opened[1]);
  expect(slots.counts).toEqual({ opened: 2, dropped: 1, retried: 0 });
});
