// @ts-check
/** Servers on 127.0.0.1 for this check. */
import { once } from 'node:events';
import { createServer } from 'node:net';
import { startServer } from '../faults/server.js';
import { shared } from './cases.js';

/** @param {import('./cases.js').Context} context */
export function honestServer(context) {
  return shared(context, 'honest server', async () => {
    const server = await startServer({ schedule: { ttftMs: 5, itlMs: 1 }, before: 0 });
    context.closers.push(() => server.close());
    return server;
  });
}

/**
 * Answers each completion request with arbitrary bytes.
 * @param {(ordinal: number, body: string) => ((socket: import('node:net').Socket, good: string) => void)} choose The answer to request
 * `ordinal`, from 0.
 */
export async function rawServer(choose) {
  let ordinal = 0;
  /** @type {Set<import('node:net').Socket>} */
  const sockets = new Set();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {}).on('close', () => sockets.delete(socket));
    let text = '';
    socket.on('data', (data) => {
      text += data.toString('latin1');
      for (let end = text.indexOf('\r\n\r\n'); end !== -1; end = text.indexOf('\r\n\r\n')) {
        const length = Number(/content-length: *(\d+)/i.exec(text.slice(0, end))?.[1] ?? 0);
        if (text.length < end + 4 + length) return;
        const body = text.slice(end + 4, end + 4 + length);
        const isPost = text.startsWith('POST');
        text = text.slice(end + 4 + length);
        if (isPost) choose(ordinal++, body)(socket, goodAnswer(body));
        else socket.write('HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n');
      }
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  return {
    url: `http://127.0.0.1:${port}`,
    close() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

/** The events of a good answer. @param {string} body */
function goodAnswer(body) {
  const { max_tokens: tokens = 4, prompt = [] } = JSON.parse(body);
  const events = Array.from({ length: tokens }, (_, i) => ({
    choices: [{ index: 0, text: ` w${i}`, finish_reason: i === tokens - 1 ? 'length' : null }],
  }));
  const usage = { prompt_tokens: prompt.length, completion_tokens: tokens };
  return (
    [...events, { choices: [], usage }].map((event) => `data: ${JSON.stringify(event)}\n\n`).join('') +
    'data: [DONE]\n\n'
  );
}
