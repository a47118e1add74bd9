import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { expect, it } from 'vitest';
import { generateLoad } from '../../src/load/generator.js';
import { specFor } from './specs.js';

const BODY =
  'data: {"choices":[{"index":0,"text":"a","finish_reason":"length"}],"usage":{"prompt_tokens":1,"completion_tokens":1}}\n\n' +
  'data: [DONE]\n\n';
const ANSWER = `HTTP/1.1 200 OK\r\ncontent-length: ${BODY.length}\r\n\r\n${BODY}`;

/** Answers the first request of each connection, if that, and hangs up without a word on the next. */
async function loadOf(answered: number) {
  const connections: Socket[] = [];
  let requests = 0;
  const server = createServer((socket) => {
    connections.push(socket);
    let served = 0;
    socket
      .on('error', () => {})
      .on('data', (bytes) => {
        if (!bytes.includes('POST ')) return;
        requests++;
        if (served++ < answered) socket.write(ANSWER);
        else socket.destroy();
      });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const spec = specFor(
    { url: `http://127.0.0.1:${port}` },
    { arrival: { concurrency: 2 }, numPrompts: 10, numWarmups: 0, serverMetrics: false },
  );
  try {
    return { run: await generateLoad(spec), requests: () => requests };
  } finally {
    for (const socket of connections) socket.destroy();
    server.close();
  }
}

it('a request whose kept connection is gone is sent again, once, and that is told', async () => {
  const { run, requests } = await loadOf(1);

  expect(run.requests.map(({ state }) => state)).toEqual(Array(10).fill('completed'));
  const retried = run.requests.filter(({ retries }) => retries === 1);
  expect(retried).toHaveLength(8);
  expect(run.client.workers?.[0]?.connections).toEqual({ opened: 10, dropped: 8, retried: 8 });
  // One asked before how prompts are taken.
  expect(requests()).toBe(1 + 10 + 8);
});

it('a request on a new connection is not', async () => {
  await expect(loadOf(0)).rejects.toMatchObject({ code: 'ENDPOINT_UNREACHABLE' });
});
