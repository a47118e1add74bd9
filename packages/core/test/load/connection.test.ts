import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startClock } from '../../src/load/health/clock.js';
import { createConnect } from '../../src/load/client/connection.js';
import { createSlots } from '../../src/load/client/slots.js';

const accepted: Socket[] = [];
const server = createServer((socket) => accepted.push(socket));
beforeEach(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterEach(() => {
  for (const socket of accepted.splice(0)) socket.destroy();
  server.close();
});

function connectTo(signal = new AbortController().signal) {
  const { port } = server.address() as AddressInfo;
  return createConnect(new URL(`http://127.0.0.1:${port}`), 20_000, { clock: startClock(), signal });
}

describe('a connection opened ahead', () => {
  it('is not usable any more when the server has hung up', async () => {
    const connection = await connectTo()();
    while (accepted.length === 0) await setImmediate();
    expect(connection.usable).toBe(true);
    accepted[0]?.end();
    while (connection.usable) await setImmediate();
  });

  it('is replaced by its slot when the server has hung up', async () => {
    const connect = connectTo();
    const slots = createSlots('per-slot', connect);
    await slots.prepare(1);
    const first = await slots.take(0);
    slots.ended(0);
    accepted[0]?.destroy();
    while (first.usable) await setImmediate();
    const second = await slots.take(0);
    expect(second).not.toBe(first);
    expect(second.usable).toBe(true);
    slots.close();
  });

  it('is not waited for when the run is stopped', async () => {
    const stop = new AbortController();
    const opening = connectTo(stop.signal)();
    stop.abort();
    await expect(opening).rejects.toThrow('stopped');
  });
});
