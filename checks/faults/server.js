// @ts-check
/** An HTTP server on 127.0.0.1 that answers completions as configured: honestly, or with a fault. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import { honestAnswer } from './answer.js';

/**
 * @typedef {import('./answer.js').Answer} Answer
 * @typedef {import('./answer.js').Request} Request
 * @typedef {import('./answer.js').Schedule} Schedule
 *
 * @typedef {object} ServerOptions
 * @property {Schedule | ((request: Request) => Schedule)} schedule
 * @property {number} before Completion requests before the measured ones: the probe and the warm-ups.
 * @property {import('./answer.js').Change} [answer] The fault.
 * @property {number} [atOnce] Number of requests that are answered at once; others wait, and nothing reports it.
 * @property {'close'} [connections] Closes each connection after its answer.
 * @property {(seen: Seen) => string} [metrics] The answer to GET /metrics; 404 without it.
 * @property {string} [model] The name that GET /v1/models lists.
 *
 * @typedef {object} Seen
 * @property {number} measured Number of requests that arrived, without the probe and warm-ups.
 * @property {number} promptTokens @property {number} outputTokens Output tokens of answers that were written completely.
 *
 * @typedef {{ url: string, port: number, seen: Seen, arrived: (count: number) => Promise<void>, close: () => Promise<void> }} HostileServer
 */

/** @param {ServerOptions} options @returns {Promise<HostileServer>} */
export async function startServer(options) {
  /** @type {Seen} */
  const seen = { measured: 0, promptTokens: 0, outputTokens: 0 };
  /** @type {{ count: number, resolve: () => void }[]} */
  let waiting = [];
  let [startMs, ordinal] = [0, 0];
  const gate = createGate(options.atOnce ?? Infinity);

  /** @param {import('node:http').IncomingMessage} message @param {import('node:http').ServerResponse} response */
  async function complete(message, response) {
    const body = await bodyOf(message);
    const receivedMs = performance.now();
    const index = ordinal++ - options.before;
    if (index === 0) startMs = receivedMs;
    if (index >= 0) seen.measured = index + 1;
    for (const one of waiting.filter(({ count }) => seen.measured >= count)) one.resolve();
    waiting = waiting.filter(({ count }) => seen.measured < count);
    const leave = await gate.enter();
    /** @type {Request} */
    const request = {
      index,
      sinceStartMs: index < 0 ? 0 : receivedMs - startMs,
      promptTokens: tokensOf(body),
      maxTokens: Number(body['max_tokens'] ?? 16),
      body,
    };
    const { schedule } = options;
    const honest = honestAnswer(request, typeof schedule === 'function' ? schedule(request) : schedule);
    const answer = options.answer?.(honest, request) ?? honest;
    const whole = await write(response, answer, performance.now(), options.connections === 'close');
    if (whole) {
      seen.promptTokens += request.promptTokens;
      seen.outputTokens += request.maxTokens;
    }
    leave();
  }

  const server = createServer({ keepAliveTimeout: 60_000 }, (message, response) => {
    const path = message.url ?? '';
    if (message.method === 'POST') void complete(message, response);
    else if (path.endsWith('/v1/models')) {
      sendJson(response, { object: 'list', data: [{ id: options.model ?? 'fake-model' }] });
    } else if (path.endsWith('/metrics') && options.metrics !== undefined) {
      response.writeHead(200, { 'content-type': 'text/plain' }).end(options.metrics(seen));
    } else if (path.endsWith('/health')) sendJson(response, {});
    else response.writeHead(404).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    seen,
    arrived: (count) => new Promise((resolve) => waiting.push({ count, resolve })),
    async close() {
      server.close();
      server.closeAllConnections();
      if (server.listening) await once(server, 'close');
    },
  };
}

/** @param {import('node:http').ServerResponse} response @param {Answer} answer @param {number} startMs @param {boolean} close */
async function write(response, answer, startMs, close) {
  if (answer.status !== 0) {
    response.writeHead(answer.status, { ...answer.headers, ...(close && { connection: 'close' }) });
    response.flushHeaders();
  }
  for (const { atMs, data } of together(answer.writes)) {
    await until(startMs + atMs);
    if (response.destroyed) return false;
    response.write(data);
  }
  if (answer.ending === 'end') response.end();
  else if (answer.ending !== 'silence') {
    // Writes must leave before the connection ends; otherwise the end would overtake them.
    const { socket } = response;
    socket?.write('', () => (answer.ending === 'reset' ? socket.resetAndDestroy() : socket.destroy()));
  }
  return answer.ending === 'end';
}

/** Combines writes with the same time. @param {readonly import('./answer.js').Write[]} writes @returns {import('./answer.js').Write[]} */
function together(writes) {
  /** @type {import('./answer.js').Write[]} */
  const joined = [];
  for (const { atMs, data } of writes) {
    const last = joined.at(-1);
    if (last?.atMs === atMs) last.data = Buffer.concat([Buffer.from(last.data), Buffer.from(data)]);
    else joined.push({ atMs, data });
  }
  return joined;
}

/** @param {number} atMs */
function until(atMs) {
  const ms = atMs - performance.now();
  return ms <= 0 ? Promise.resolve() : new Promise((resolve) => setTimeout(resolve, ms));
}

/** @param {number} places */
function createGate(places) {
  /** @type {(() => void)[]} */
  const queue = [];
  let free = places;
  const leave = () => {
    const next = queue.shift();
    if (next === undefined) free++;
    else next();
  };
  return {
    /** @returns {Promise<() => void>} Resolves to a function that releases the place. */
    async enter() {
      if (free > 0) free--;
      else await new Promise((resolve) => queue.push(() => resolve(undefined)));
      return leave;
    },
  };
}

/** @param {import('node:http').IncomingMessage} message @returns {Promise<Record<string, unknown>>} */
async function bodyOf(message) {
  const parts = [];
  for await (const part of message) parts.push(part);
  return JSON.parse(Buffer.concat(parts).toString('utf8'));
}

/** Token ids count as they are, texts by their words. @param {Record<string, unknown>} body */
function tokensOf({ prompt, messages }) {
  if (Array.isArray(prompt)) return prompt.length;
  const texts = Array.isArray(messages) ? messages.map(({ content }) => content) : [prompt];
  return texts.reduce((sum, text) => sum + String(text).split(/\s+/).filter(Boolean).length, 0);
}

/** @param {import('node:http').ServerResponse} response @param {object} body */
function sendJson(response, body) {
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
