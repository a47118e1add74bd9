import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { expect, it } from 'vitest';
import { startGoldenServer } from '../../src/selftest/golden/golden-server.js';

const BODY = JSON.stringify({ model: 'm', prompt: [1, 2, 3], max_tokens: 2, stream: true });
const REQUEST = `POST /v1/completions HTTP/1.1\r\nhost: h\r\nconnection: close\r\ncontent-length: ${BODY.length}\r\n\r\n${BODY}`;

async function send(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  await new Promise<void>((resolve) => socket.write(REQUEST, () => resolve()));
  return socket;
}

it('a request whose client has gone away before it was looked at takes no slot of the golden server', async () => {
  await using server = await startGoldenServer({ slots: 1, ttftMs: 5 });
  for (let left = 100; left > 0; left--) (await send(server.port)).destroy();

  const chunks: Buffer[] = [];
  for await (const chunk of await send(server.port)) chunks.push(chunk as Buffer);

  expect(Buffer.concat(chunks).toString()).toContain('[DONE]');
});
