import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { describe, expect, it, vi } from 'vitest';
import { startGoldenServer, type GoldenServer } from '../../src/selftest/golden/golden-server.js';

function requestOf(tokens: number): string {
  const body = JSON.stringify({ model: 'm', prompt: [1, 2, 3], max_tokens: tokens, stream: true });
  return `POST /v1/completions HTTP/1.1\r\nhost: h\r\nconnection: close\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
}

async function dial({ port }: GoldenServer, tokens: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  socket.write(requestOf(tokens));
  return socket;
}

/** Resolves when the server has answered and closed. */
async function ask(server: GoldenServer, tokens: number): Promise<void> {
  const socket = await dial(server, tokens);
  socket.resume();
  await once(socket, 'close');
}

describe('a golden server with slots', () => {
  it('answers so many at a time, and the others in the order in which they came', async () => {
    await using server = await startGoldenServer({ slots: 2, ttftMs: 30, itlMs: 10 });
    await Promise.all(Array.from({ length: 6 }, () => ask(server, 3)));
    const { requests } = server.log();
    const begunMs = requests.map(({ writes }) => (writes?.dueMs[0] ?? NaN) - 30);
    expect(begunMs.slice(0, 2)).toEqual(requests.slice(0, 2).map(({ receivedMs }) => receivedMs));
    // The schedule keeps a slot busy for 50 ms, however late writes are.
    for (const [i, ms] of begunMs.slice(2).entries()) expect(ms - (begunMs[i] ?? NaN)).toBeCloseTo(50, 6);
  });

  it('takes as many as come without slots', async () => {
    await using server = await startGoldenServer({ ttftMs: 20 });
    await Promise.all(Array.from({ length: 5 }, () => ask(server, 1)));
    for (const { writes, receivedMs } of server.log().requests) {
      expect(writes?.dueMs[0]).toBe(receivedMs + 20);
    }
  });

  it('goes on without clients that are gone, in a slot or waiting for one', async () => {
    const stop = { afterTokens: 1, how: 'stall' } as const;
    const answerFor = (ordinal: number) => (ordinal === 0 ? { stop } : {});
    await using server = await startGoldenServer({ slots: 1 }, { answerFor });
    const stalled = await dial(server, 3);
    await once(stalled, 'data');
    const waiting = await dial(server, 3);
    const last = ask(server, 3);
    await vi.waitUntil(() => server.log().requests.length === 3);
    waiting.destroy();
    stalled.destroy();
    await last;
    expect(server.log().requests.map(({ tokensSent }) => tokensSent)).toEqual([1, 0, 3]);
  });
});
