import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { generateLoad } from '../../src/load/run/run-load.js';
import { startGoldenServer, type GoldenServer } from '../../src/selftest/golden/golden-server.js';
import {
  decodeGoldenLog,
  encodeGoldenLog,
  mergeGoldenLogs,
  type GoldenLog,
  type GoldenRequest,
} from '../../src/selftest/golden/log.js';
import type { GoldenInput } from '../../src/selftest/golden/options.js';
import { goldenText, ordinalOf } from '../../src/selftest/golden/text.js';
import { runCli } from '../run-cli.js';
import { expectSame, goldenSpec } from './golden-load.js';

interface Ask {
  readonly path?: string;
  readonly tokens?: number;
  readonly head?: string;
}

function requestOf({ path = '/v1/completions', tokens = 10, head = '' }: Ask = {}): string {
  const body = JSON.stringify({ model: 'm', prompt: [1, 2, 3], max_tokens: tokens, stream: true });
  return `POST ${path} HTTP/1.1\r\nhost: h\r\n${head}content-length: ${body.length}\r\n\r\n${body}`;
}

async function dial({ port }: GoldenServer): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  return socket;
}

/** Everything that arrives until the server closes. */
async function readAll(socket: Socket): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of socket) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

async function ask(server: GoldenServer, request: string): Promise<string> {
  const socket = await dial(server);
  socket.write(request);
  return readAll(socket);
}

const CLOSE = { head: 'connection: close\r\n' };

interface CompletionEvent {
  readonly choices: readonly { readonly text: string }[];
}

/** The texts of a body's events. */
function textOf(response: string): string {
  const data = [...response.matchAll(/^data: (\{.*\})\r?$/gm)];
  return data
    .flatMap(([, json = '']) => (JSON.parse(json) as CompletionEvent).choices)
    .map(({ text }) => text)
    .join('');
}

async function answered(options: GoldenInput, asked: Ask = {}): Promise<GoldenRequest> {
  await using server = await startGoldenServer(options);
  await ask(server, requestOf({ ...CLOSE, ...asked }));
  return server.log().requests[0]!;
}

const offsets = ({ receivedMs, writes }: GoldenRequest) =>
  writes!.dueMs.map((dueMs) => Number((dueMs - receivedMs).toFixed(6)));

describe('the golden server', () => {
  it('writes the known text of the answer, and its counts', async () => {
    await using server = await startGoldenServer();
    for (const ordinal of [0, 1, 2]) {
      const response = await ask(server, requestOf({ tokens: 300, ...CLOSE }));
      expect(textOf(response)).toBe(goldenText(ordinal, 300));
      expect(ordinalOf(textOf(response))).toBe(ordinal);
      expect(response).toContain('"usage":{"prompt_tokens":3,"total_tokens":303,"completion_tokens":300}');
      expect(response).toMatch(/data: \[DONE\]\n\n\r\n0\r\n\r\n$/);
    }
    expect(goldenText(0, 300)).toContain('日');
  });

  it.each([
    ['with timers', false],
    ['in a busy loop', true],
  ])('is due on an absolute schedule, and never early, %s', async (_name, spin) => {
    const request = await answered({ ttftMs: 20, itlMs: 2, spin });
    expect(offsets(request)).toEqual(Array.from({ length: 10 }, (_, i) => 20 + 2 * i));
    request.writes!.sentMs.forEach((sentMs, i) => {
      expect(sentMs).toBeGreaterThanOrEqual(request.writes!.dueMs[i]!);
    });
    expect(request).toMatchObject({ end: 'completed', tokens: 10, tokensSent: 10, promptTokens: 3 });
  });

  it('keeps the rate of tokens when several are written at once', async () => {
    const request = await answered({ ttftMs: 5, itlMs: 2, eventsPerWrite: 4 });
    expect(offsets(request)).toEqual([5, 13, 21]);
    expect(request.writes?.tokens).toEqual([4, 4, 2]);
  });

  it('varies each gap by its jitter, in the same way each time', async () => {
    const options = { ttftMs: 1, itlMs: 2, jitter: 0.5 };
    const [one, two] = [await answered(options), await answered(options)].map(offsets);
    const gaps = one!.slice(1).map((ms, i) => ms - one![i]!);
    expect(two).toEqual(one);
    expect(new Set(gaps).size).toBe(9);
    for (const gap of gaps) expect(Math.abs(gap - 2)).toBeLessThanOrEqual(1);
  });

  it('puts the writes of all streams on one grid when they are aligned', async () => {
    await using server = await startGoldenServer({ ttftMs: 3, itlMs: 4, align: true });
    await Promise.all(Array.from({ length: 5 }, () => ask(server, requestOf(CLOSE))));
    for (const { writes, receivedMs } of server.log().requests) {
      for (const dueMs of writes!.dueMs)
        expect(Math.abs(dueMs / 4 - Math.round(dueMs / 4))).toBeLessThan(1e-9);
      expect(writes!.dueMs[0]! - receivedMs).toBeGreaterThanOrEqual(3);
      expect(writes!.dueMs[0]! - receivedMs).toBeLessThan(7);
    }
  });

  it('reads requests however they are cut, and several on one connection', async () => {
    await using server = await startGoldenServer();
    const socket = await dial(server);
    socket.setNoDelay(true);
    const bytes = requestOf() + requestOf() + requestOf(CLOSE);
    for (const byte of bytes) {
      socket.write(byte);
      await new Promise(setImmediate);
    }
    const response = await readAll(socket);
    expect(textOf(response)).toBe([0, 1, 2].map((ordinal) => goldenText(ordinal, 10)).join(''));
    expect(server.log()).toMatchObject({ connections: 1, requests: [{ end: 'completed' }, {}, {}] });
  });

  it('waits for readers that are slow, and sends them everything', async () => {
    await using server = await startGoldenServer({ eventsPerWrite: 100 });
    const tokens = 100_000;
    const socket = await dial(server);
    socket.pause();
    socket.write(requestOf({ tokens, ...CLOSE }));
    let sent = -1;
    // Until no more bytes fit between the two.
    for (let turns = 0; turns < 200; turns++) {
      await new Promise(setImmediate);
      const [request] = server.log().requests;
      if (request !== undefined && request.tokensSent !== sent) [sent, turns] = [request.tokensSent, 0];
    }
    expect(sent).toBeGreaterThan(0);
    expect(sent).toBeLessThan(tokens);
    expect(textOf(await readAll(socket))).toBe(goldenText(0, tokens));
  });

  it.each([
    ['another path', requestOf({ path: '/v1/embeddings', ...CLOSE }), 404],
    ['a request without a stream', requestOf(CLOSE).replace('"stream":true', '"stream":null'), 400],
    ['a body of unknown length', 'POST /v1/completions HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n', 400],
  ])('refuses %s', async (_name, request, status) => {
    await using server = await startGoldenServer();
    expect(await ask(server, request)).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
  });

  it('lists a model and tells that it is there', async () => {
    await using server = await startGoldenServer();
    for (const path of ['/v1/models', '/health'])
      expect(await ask(server, `GET ${path} HTTP/1.1\r\nconnection: close\r\n\r\n`)).toMatch(
        /^HTTP\/1.1 200 /,
      );
    expect(server.log().requests).toEqual([]);
  });

  it('closes connections that stay idle', async () => {
    await using server = await startGoldenServer({ idleCloseMs: 1 });
    const response = await ask(server, requestOf());
    expect(textOf(response)).toBe(goldenText(0, 10));
    expect(response).not.toContain('connection: close');
  });

  it('notes when the client goes away', async () => {
    await using server = await startGoldenServer({ ttftMs: 1, itlMs: 1000 });
    const socket = await dial(server);
    socket.write(requestOf());
    await once(socket, 'data');
    socket.destroy();
    while (server.log().requests[0]?.end === 'open') await new Promise(setImmediate);
    expect(server.log().requests[0]).toMatchObject({ end: 'lost', tokensSent: 1 });
  });

  it('writes a log that can be read back, to the microsecond', async () => {
    await using server = await startGoldenServer({ ttftMs: 1 }, { cpuSeconds: () => 1.5 });
    await ask(server, requestOf(CLOSE));
    const log = server.log();
    const read = decodeGoldenLog([...encodeGoldenLog(log)].join(''));
    expect(read).toMatchObject({ ...log, requests: [{ digest: log.requests[0]!.digest, end: 'completed' }] });
    expect(read.requests[0]!.cpuS).toEqual({ received: 1.5, ended: 1.5 });
    expect(Math.abs(read.requests[0]!.receivedMs - log.requests[0]!.receivedMs)).toBeLessThan(0.001);
  });

  it('keeps no log that nobody wants, and numbers its answers all the same', async () => {
    await using server = await startGoldenServer({ log: 'nothing' });
    await ask(server, requestOf(CLOSE));
    expect(textOf(await ask(server, requestOf(CLOSE)))).toBe(goldenText(1, 10));
    expect(server.log().requests).toEqual([]);
  });

  it('says why it can’t serve', async () => {
    await using server = await startGoldenServer();
    await expect(startGoldenServer({ port: server.port })).rejects.toMatchObject({
      code: 'SERVER_SPAWN_FAILED',
      message: expect.stringContaining('EADDRINUSE') as unknown,
    });
    await expect(startGoldenServer({ tls: { key: 'no', cert: 'PEM' } })).rejects.toMatchObject({
      code: 'SERVER_SPAWN_FAILED',
    });
  });

  it('joins the logs of servers side by side on one clock', () => {
    const logAt = (originMonotonicMs: number, times: readonly number[]): GoldenLog => ({
      schema: 'sweepline.golden/1',
      originUnixMs: 0,
      originMonotonicMs,
      connections: 2,
      requests: times.map((receivedMs, i) => ({
        ...{ ordinal: i, api: 'chat', connection: i, digest: '', promptTokens: 1, tokens: 1, tokensSent: 1 },
        ...{ end: 'completed', receivedMs, firstSentMs: receivedMs + 1, lastSentMs: receivedMs + 1 },
        writes: { dueMs: [receivedMs], sentMs: [receivedMs + 1], tokens: [1] },
      })),
    });
    const { requests, connections } = mergeGoldenLogs([logAt(100, [1, 20]), logAt(110, [2, 4])]);
    expect(connections).toBe(4);
    expect(requests.map(({ receivedMs }) => receivedMs)).toEqual([1, 12, 14, 20]);
    expect(requests.map(({ server }) => server)).toEqual([0, 1, 1, 0]);
    expect(requests.map(({ connection }) => connection)).toEqual([0, 2, 3, 1]);
    expect(requests[1]).toMatchObject({
      firstSentMs: 13,
      lastSentMs: 13,
      writes: { dueMs: [12], sentMs: [13] },
    });
  });
});

const BIN = join(import.meta.dirname, '../../bin/sweepline.js');

describe('sweepline golden-server', () => {
  it.each(['1', '2'])('ends with the reason when its port is taken, as %s processes', async (processes) => {
    await using other = await startGoldenServer();
    const argv = [BIN, 'golden-server', '--port', String(other.port), '--processes', processes];
    const child = spawn(process.execPath, argv, { stdio: ['pipe', 'ignore', 'pipe'] });
    try {
      let said = '';
      child.stderr.on('data', (data) => (said += String(data)));
      expect(await once(child, 'close')).toEqual([1, null]);
      expect(said.match(/SERVER_SPAWN_FAILED.*EADDRINUSE/g)).toHaveLength(1);
    } finally {
      child.kill('SIGKILL');
    }
  });

  it.each([[['--tls-key', 'key.pem']], [['--processes', '101']]])('refuses %j', async (args) => {
    expect((await runCli(['golden-server', ...args], tmpdir())).exitCode).toBe(2);
  });

  it('shares its connections among processes, and leaves one log', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'sweepline-golden-'));
    const logFile = join(folder, 'golden.jsonl');
    const argv = [BIN, 'golden-server', '{"ttftMs":1}', '--processes', '2', '--log', logFile];
    const child = spawn(process.execPath, argv, { stdio: ['pipe', 'pipe', 'ignore'] });
    try {
      const [line] = (await once(child.stdout, 'data')) as [Buffer];
      const { url } = JSON.parse(line.toString()) as { readonly url: string };
      const run = await generateLoad(goldenSpec({ url }, { numPrompts: 40, arrival: { concurrency: 8 } }));
      // As if the parent process had died.
      child.stdin.end();
      expect(await once(child, 'close')).toEqual([0, null]);
      const log = decodeGoldenLog(await readFile(logFile, 'utf8'));
      expect(await readdir(folder)).toEqual(['golden.jsonl']);
      expect(new Set(log.requests.map(({ server }) => server))).toEqual(new Set([0, 1]));
      const byOrdinal = new Map(log.requests.map((request) => [request.ordinal, request]));
      expect(byOrdinal.size).toBe(44);
      for (const record of run.requests) expectSame(record, byOrdinal.get(ordinalOf(record.text!)!)!);
    } finally {
      child.kill('SIGKILL');
      await rm(folder, { recursive: true });
    }
  });
});
