import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { createClient } from '../../src/load/client/client.js';
import { startClock } from '../../src/load/health/clock.js';
import { codecOf } from '../../src/load/client/codecs/index.js';
import type { Outcome } from '../../src/load/records/request-record.js';
import { createTally, Live, readTally } from '../../src/load/health/tally.js';
import type { LoadSpec } from '../../src/load/spec/spec.js';
import { specFor } from './specs.js';

/**
 * Answers on a socket; `nth` counts the requests of all connections from 1, `read` waits until the client has read a chunk of
 * this answer.
 */
type Answer = (socket: Socket, nth: number, read: () => Promise<void>) => void;

const event = (value: unknown) => `data: ${JSON.stringify(value)}\n\n`;
const token = (text: string, finish: string | null = null) =>
  event({ id: 'c', choices: [{ index: 0, text, finish_reason: finish }] });
const END = event({ choices: [], usage: { prompt_tokens: 3, completion_tokens: 2 } }) + 'data: [DONE]\n\n';
const BODY = token(' a') + token(' b', 'length') + END;

const head = (status: string, ...fields: string[]) => `HTTP/1.1 ${[status, ...fields].join('\r\n')}\r\n\r\n`;
const counted = (body: string, status = '200 OK', ...fields: string[]) =>
  head(status, `content-length: ${Buffer.byteLength(body)}`, ...fields) + body;
const chunk = (body: string) => `${Buffer.byteLength(body).toString(16)}\r\n${body}\r\n`;
const chunkedHead = (...fields: string[]) => head('200 OK', 'transfer-encoding: chunked', ...fields);
const write =
  (text: string | Buffer): Answer =>
  (socket) =>
    socket.write(text);

/** Reports whole requests as they arrive, by their content-length. */
function answerRequests(socket: Socket, onRequest: (request: string) => void): void {
  let received = '';
  socket
    .on('error', () => {})
    .on('data', (bytes) => {
      received += bytes.toString('latin1');
      for (;;) {
        const border = received.indexOf('\r\n\r\n');
        const length = Number(/content-length: (\d+)/.exec(received)?.[1]);
        if (border === -1 || received.length < border + 4 + length) return;
        onRequest(received.slice(0, border + 4 + length));
        received = received.slice(border + 4 + length);
      }
    });
}

interface Sent {
  readonly outcomes: readonly Outcome[];
  readonly requests: readonly string[];
  readonly connections: { readonly opened: number; readonly dropped: number; readonly retried: number };
  readonly inFlight: number;
}

/** Sends two requests, one after the other, in the same slot. */
async function sendTwo(
  answer: Answer,
  { api = 'completions', apiKey }: { api?: LoadSpec['endpoint']['api']; apiKey?: string } = {},
): Promise<Sent> {
  const tally = createTally();
  const requests: string[] = [];
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket);
    answerRequests(socket, (request) => {
      const before = readTally(tally, 'outputTokens');
      answer(socket, requests.push(request), async () => {
        while (readTally(tally, 'outputTokens') === before) await nextTurn();
      });
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const spec = specFor({ url: `http://127.0.0.1:${port}` }, { endpoint: { api } });
  const live = new Live(tally);
  const client = createClient(spec, {
    clock: startClock(),
    codec: codecOf(api),
    live,
    signal: new AbortController().signal,
    keepText: true,
    ...(apiKey !== undefined && { apiKey }),
  });
  const prompt = { json: '"hi"', lengths: { requestedPromptTokens: 1, requestedOutputTokens: 2 } };
  try {
    await client.prepare(1);
    const outcomes = [await client.send(0, prompt), await client.send(0, prompt)];
    for (const outcome of outcomes) live.ended(outcome);
    const inFlight = readTally(tally, 'sent') - readTally(tally, 'ended');
    return { outcomes, requests, connections: { ...client.connections }, inFlight };
  } finally {
    client.close();
    for (const socket of sockets) socket.destroy();
    server.close();
  }
}

const FINE = { state: 'completed', text: ' a b', outputTokens: 2, finishReason: 'length' };

describe('an answer that is complete', () => {
  it.each<[string, number, Answer]>([
    ['after interim answers', 1, write(`${head('100 Continue')}${head('103 Early Hints')}${counted(BODY)}`)],
    ['of HTTP/1.0', 2, (socket) => socket.end(`HTTP/1.0 200 OK\r\n\r\n${BODY}`)],
    ['with a length, to be closed', 2, (socket) => socket.end(counted(BODY, '200 OK', 'connection: close'))],
    ['with trailers', 1, write(`${chunkedHead()}${chunk(BODY)}0;x="y"\r\nserver-timing: a\r\n\r\n`)],
    ['with more behind it', 2, write(`${counted(BODY)}HTTP/1.1 408 Request Timeout\r\n\r\n`)],
    ['with a mark of byte order', 1, write(counted(`\ufeff${BODY}`))],
    ['with lines that end in CR', 1, write(counted(BODY.replaceAll('\n', '\r')))],
    ['with empty events', 1, write(counted(`data:\n\ndata\n\n${BODY}`))],
    ['without its last chunk, reset after [DONE]', 2, resetAfter(chunkedHead() + chunk(BODY))],
  ])('%s is taken, over so many connections: %i', async (_name, opened, answer) => {
    const { outcomes, connections, inFlight } = await sendTwo(answer);
    for (const outcome of outcomes) expect(outcome).toMatchObject(FINE);
    for (const { chunkMs, error } of outcomes)
      expect({ chunks: chunkMs.length, error }).toEqual({ chunks: 2 });
    expect({ opened: connections.opened, inFlight }).toEqual({ opened, inFlight: 0 });
  });

  it('may have an event of 4 MB', async () => {
    const text = 'é"'.repeat(1_000_000);
    const { outcomes } = await sendTwo(
      write(counted(token(' a') + token(text) + token(' b', 'length') + END)),
    );
    expect(outcomes.map((outcome) => outcome.text === ` a${text} b`)).toEqual([true, true]);
  });

  it('may be without usage, or without a reason to finish, but not without any end', async () => {
    const { outcomes } = await sendTwo((socket, nth) =>
      socket.write(counted(nth === 1 ? `${token(' a')}data: [DONE]\n\n` : token(' a'))),
    );
    expect(outcomes).toMatchObject([{ state: 'completed' }, { error: { code: 'truncated-stream' } }]);
    expect(outcomes[0]).not.toHaveProperty('outputTokens');
  });
});

function resetAfter(text: string): Answer {
  return (socket) => socket.write(text, () => socket.resetAndDestroy());
}

/** To Node, a reset that arrives together with bytes looks like an orderly end. */
function resetOnceRead(text: string): Answer {
  return (socket, _nth, read) => {
    socket.write(text);
    void read().then(() => socket.resetAndDestroy());
  };
}

describe('an answer that is none', () => {
  const GZIP = gzipSync(BODY);
  it.each<[string, string, string, Answer]>([
    ['switches protocols', 'http-101', 'without a message', write(head('101 Switching Protocols'))],
    ['has no content', 'no-chunks', '', write(head('204 No Content', 'content-length: 5'))],
    ['was not modified', 'http-304', '', write(head('304 Not Modified', 'transfer-encoding: chunked'))],
    ['is elsewhere', 'http-308', 'moved', write(counted('moved', '308 Permanent Redirect', 'location: /x'))],
    ['is a page', 'http-503', '<html>', write(counted('<html>busy</html>', '503 Busy'))],
    ['is empty', 'http-429', 'without a message', write(counted('', '429 Too Many Requests'))],
    [
      'breaks off an error',
      'http-500',
      '{"detail',
      resetAfter(`${head('500 x', 'content-length: 99')}{"detail`),
    ],
    ['is an error', 'error-event', 'oom', write(counted(token(' a') + event({ error: 'oom' }) + END))],
    ['is cancelled', 'error-event', 'cancelled', write(counted(token(' a', 'cancelled') + END))],
    ['has a NUL', 'malformed-chunk', 'not JSON', write(counted('data: {"a":"\0"}\n\n' + BODY))],
    ['is of another protocol', 'malformed-response', 'SSH-2.0', write('SSH-2.0-OpenSSH_9\r\n')],
    [
      'has two lengths',
      'malformed-response',
      'content-length',
      write(counted(BODY, '200 OK', 'content-length: 3')),
    ],
    [
      'is compressed',
      'malformed-response',
      'gzip',
      write(Buffer.concat([Buffer.from(head('200 OK', 'content-encoding: gzip')), GZIP])),
    ],
    [
      'is reset in a body without a length',
      'connection-lost',
      '',
      resetOnceRead(head('200 OK') + token(' a')),
    ],
  ])('because it %s fails as %s', async (_name, code, message, answer) => {
    const { outcomes, connections, inFlight } = await sendTwo(answer);
    for (const { state, error } of outcomes) {
      expect({ state, code: error?.code }).toEqual({ state: 'failed', code });
      expect(error?.message).toContain(message);
    }
    expect({ retried: connections.retried, inFlight }).toEqual({ retried: 0, inFlight: 0 });
  });

  it('is none either when a reset ends it where the end of the connection would', async () => {
    const { outcomes } = await sendTwo(resetOnceRead(head('200 OK') + event({ text_output: 'a' })), {
      api: 'trtllm',
    });
    expect(outcomes).toMatchObject([
      { state: 'failed', error: { code: 'connection-lost' }, text: 'a' },
      { state: 'failed', error: { code: 'connection-lost' }, text: 'a' },
    ]);
  });

  it('has its message whole, however that is cut', async () => {
    const body = Buffer.from('{"detail":"日本"}');
    const { outcomes } = await sendTwo((socket) => {
      socket.setNoDelay(true).write(head('500 x', `content-length: ${body.length}`) + '{"detail":"');
      const rest = [...body.subarray(11)];
      const next = () => {
        const byte = rest.shift();
        if (byte !== undefined) socket.write(Buffer.of(byte), () => setImmediate(next));
      };
      next();
    });
    expect(outcomes.map(({ error }) => error?.message)).toEqual(['日本', '日本']);
  });
});

describe('a request whose kept connection ends', () => {
  it.each<[string, string]>([
    ['behind the head of its answer', chunkedHead()],
    ['within the head of its answer', 'HTTP/1.1 200 O'],
  ])('%s is not sent again: the server has seen it', async (_name, begun) => {
    const { outcomes, requests, connections } = await sendTwo((socket, nth) =>
      nth === 2 ? socket.end(begun) : socket.write(counted(BODY)),
    );
    expect(outcomes[1]).toMatchObject({ state: 'failed', error: { code: 'connection-lost' } });
    expect({ sent: requests.length, connections }).toEqual({
      sent: 2,
      connections: { opened: 1, dropped: 1, retried: 0 },
    });
  });

  it('before any of its answer is sent again, and counts as one', async () => {
    const { outcomes, requests, connections, inFlight } = await sendTwo((socket, nth) =>
      nth === 2 ? socket.resetAndDestroy() : socket.write(counted(BODY)),
    );
    expect(outcomes).toMatchObject([FINE, { ...FINE, retries: 1 }]);
    expect({ sent: requests.length, inFlight }).toEqual({ sent: 3, inFlight: 0 });
    expect(connections).toEqual({ opened: 2, dropped: 1, retried: 1 });
  });
});

it('says who asks, and that it takes nothing compressed', async () => {
  const { requests } = await sendTwo(write(counted(BODY)), { apiKey: 'key' });
  expect(requests[0]).toContain('\r\nauthorization: Bearer key\r\ncontent-length: ');
  expect(requests[0]).toContain('\r\naccept-encoding: identity\r\n');
});
