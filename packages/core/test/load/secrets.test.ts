import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { describe, expect, it } from 'vitest';
import { generateLoad } from '../../src/load/run/run-load.js';
import { specFor } from './specs.js';

const SECRET = 'sk-SECRETKEY-abcdefghijklmnopqrstuvwxyz-0123456789';

async function urlOf(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** The output of a load against such a server, with the secret as its key or as another secret of the environment. */
async function saidOf(
  server: Server,
  options: { apiKey?: string; secrets?: readonly string[] },
): Promise<string> {
  try {
    const spec = specFor(
      { url: await urlOf(server) },
      { numPrompts: 2, numWarmups: 0, output: { keepText: true } },
    );
    const { requests } = await generateLoad(spec, options);
    return JSON.stringify(requests.map(({ text, error }) => ({ text, error })));
  } catch (error) {
    return String(error);
  } finally {
    server.close();
  }
}

/** A server whose answers would end in the middle of a secret if they were cut before masking. */
function echoes(answer: string): Server {
  return createServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', () => socket.end(answer));
  });
}

describe.each([
  ['the key', { apiKey: SECRET }],
  ['another secret', { secrets: [SECRET] }],
])('%s that a server echoes', (_, options) => {
  it.each([
    ['in what is not HTTP', `${'x'.repeat(30)} ${SECRET}\r\n\r\n`],
    ['in the coding of its body', `HTTP/1.1 200 OK\r\ncontent-encoding: ${'x'.repeat(30)}-${SECRET}\r\n\r\n`],
    ['in the body of an error', `HTTP/1.1 500 No\r\n\r\n${'x'.repeat(480)} ${SECRET}`],
    ['in a chunk that is not JSON', `HTTP/1.1 200 OK\r\n\r\ndata: ${'x'.repeat(80)} ${SECRET}\n\n`],
  ])('is in no message: %s', async (_where, answer) => {
    const said = await saidOf(echoes(answer), options);

    expect(said).toContain('xxx');
    expect(said).not.toContain(SECRET.slice(0, 6));
  });

  it('is not in the text that is kept', async () => {
    const chunks = [
      { text: `a ${SECRET.slice(0, 20)}` },
      { text: `${SECRET.slice(20)} b`, finish_reason: 'length' },
    ];
    const usage = { prompt_tokens: 1, completion_tokens: 2 };
    const server = createHttpServer((request, response) => {
      request.resume().on('end', () => {
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        for (const choice of chunks)
          response.write(`data: ${JSON.stringify({ choices: [choice], usage })}\n\n`);
        response.end('data: [DONE]\n\n');
      });
    });

    const said = await saidOf(server, options);

    expect(said).toContain('"text":"a *** b"');
    expect(said).not.toContain(SECRET.slice(0, 6));
  });
});
