import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { API_NAMES, type ApiName } from '../../src/load/client/codecs/names.js';
import { generateLoad } from '../../src/load/run/run-load.js';
import { startGoldenServer } from '../../src/selftest/golden/golden-server.js';
import type { GoldenRequest } from '../../src/selftest/golden/log.js';
import { goldenText } from '../../src/selftest/golden/text.js';
import type { GoldenInput } from '../../src/selftest/golden/options.js';
import {
  expectExact,
  expectSame,
  goldenSpec,
  loadGolden,
  TLS,
  TLS_CERT_FILE,
  truthOf,
  type Framing,
} from './golden-load.js';
import { LoadFolder } from './load-process.js';
import { requestsBefore } from './specs.js';

const FRAMING: Readonly<Record<ApiName, Framing>> = {
  completions: {},
  chat: { otherChunks: 1 },
  sglang: {},
  trtllm: { counts: false },
};

const WRITES: readonly (readonly [string, GoldenInput])[] = [
  ['whole events', {}],
  ['a write a byte', { split: { longest: 1 } }],
  ['an HTTP chunk a byte', { chunkBytes: 1 }],
  ['an HTTP chunk and a write a byte', { chunkBytes: 1, split: { longest: 1 } }],
  ['many events a write', { eventsPerWrite: 1000 }],
  ['many events a write, in one HTTP chunk', { eventsPerWrite: 1000, chunkBytes: 1_000_000 }],
  ['pieces across events', { eventsPerWrite: 5, split: { longest: 97 } }],
  ['CRLF, comments and other fields', { lineEnd: 'crlf', noise: true, split: { longest: 3 } }],
  ['a given length', { framing: 'content-length', split: { longest: 11 } }],
  ['up to the end of the connection', { framing: 'until-close', split: { longest: 13 } }],
  ['a head before anything else', { earlyHead: true }],
  ['no usage', { usage: false }],
];

describe.each(API_NAMES)('streams of %s', (api) => {
  it.each(WRITES)('are read exactly when they come as %s', async (_name, server) => {
    const form = api === 'chat' || api === 'trtllm' ? 'text' : 'token-ids';
    const load = await loadGolden({ text: 'hard', ...server }, { endpoint: { api }, prompts: { form } });
    const counts = server.usage === false && api !== 'sglang' ? { counts: false } : {};
    await expectExact(load, { text: 'hard', ...FRAMING[api], ...counts });
  });
});

describe('connections', () => {
  it.each([
    ['kept alive', 'per-slot', {}, 4],
    ['closed by the client after each answer', 'per-request', {}, 12],
    ['closed by the server after each answer', 'per-slot', { connection: 'close' }, 12],
    ['closed by the server without a word', 'per-slot', { connection: 'close-silently' }, 12],
  ] as const)('are used exactly when they are %s', async (_name, connections, server, fewest) => {
    const load = await loadGolden(server, { connections, numWarmups: 0 });
    const measured = load.log.requests.slice(1);
    expect(new Set(measured.map(({ connection }) => connection)).size).toBe(fewest);
    await expectExact(load);
    // No request is sent over a connection that the server announced to close.
    if (!('connection' in server && server.connection === 'close-silently'))
      expect(load.run.requests.filter(({ retries }) => retries !== undefined)).toEqual([]);
  });

  it('are opened again when the server closes a kept one instead of answering, and the request counts once', async () => {
    const { run, log } = await loadGolden({ connection: 'drop-when-reused' }, { numWarmups: 0 });
    expect(run.complete).toBe(true);
    for (const record of run.requests) expectSame(record, truthOf(record, log));
    const retried = run.requests.filter(({ retries }) => retries === 1);
    const dropped = log.requests.filter(({ end }) => end === 'dropped');
    // Every second connection of each slot is new.
    expect(dropped.length).toBeGreaterThan(0);
    expect(retried).toHaveLength(dropped.length);
    expect(log.requests.slice(1).filter(({ end }) => end === 'completed')).toHaveLength(12);
    expect(retried.map((record) => truthOf(record, log).digest).sort()).toEqual(
      dropped.map(({ digest }) => digest).sort(),
    );
  });
});

describe('idle connections', () => {
  it('that the server closed are replaced before or after the next request was sent, and no request is lost', async () => {
    await using golden = await startGoldenServer({ idleCloseMs: 5 });
    const spec = goldenSpec(golden, { numPrompts: 40, numWarmups: 0 });
    // Gaps of up to 12 ms: some connections still exist, some are gone, some close at that very moment.
    const gaps = Array.from({ length: 40 }, (_, i) => (i * 7) % 13);
    const timesMs = gaps.map((_, i) => gaps.slice(0, i).reduce((sum, gap) => sum + gap, 0));
    const arrival = { pattern: 'replay', timesMs, speed: 1, concurrency: 2 } as const;
    const run = await generateLoad({ ...spec, arrival });
    await expectExact({ spec, run, log: golden.log() });
    expect(golden.log().connections).toBeGreaterThan(1);
  });
});

describe('answers that break off', () => {
  /** Every third measured request, from the second on; the probe and warm-ups before them are not affected. */
  const isBroken = (ordinal: number) => ordinal >= 4 && ordinal % 3 === 2;

  it.each([
    ['by a reset', 'reset', 'connection-lost'],
    ['by the end of the connection', 'fin', 'connection-lost'],
  ] as const)('%s fail with what had come, and spoil no other', async (_name, how, code) => {
    for (const afterTokens of [0, 1, 3]) {
      const answerFor = (ordinal: number) => (isBroken(ordinal) ? { stop: { afterTokens, how } } : {});
      const { run, log } = await loadGolden({}, {}, { answerFor });
      expect(run.complete).toBe(true);
      const failed = run.requests.filter(({ state }) => state === 'failed');
      const broken = log.requests.filter(({ end }) => end === 'broken-off');
      expect(broken.length).toBeGreaterThan(0);
      // If no byte of an answer arrived, the server may never have read a request on a kept connection: it is sent once more.
      const again = run.requests.filter(({ retries }) => retries === 1).length;
      if (afterTokens > 0) expect(again).toBe(0);
      expect(failed.length + again).toBe(broken.length);
      for (const record of failed) {
        expect(record.error?.code).toBe(code);
        expect(record.chunkMs).toHaveLength(afterTokens);
        if (afterTokens === 0) continue;
        const truth = truthOf(record, log);
        expect(record.text).toBe(goldenText(truth.ordinal, truth.tokens).slice(0, record.text!.length));
        expect(record.text).toBe(goldenText(truth.ordinal, afterTokens));
        expect(truth.tokensSent).toBe(afterTokens);
      }
      const completed = run.requests.filter(({ state }) => state === 'completed');
      expect(completed.length + failed.length).toBe(12);
      for (const record of completed) expectSame(record, truthOf(record, log));
    }
  });

  it('without an end time out, and spoil no other', async () => {
    const answerFor = (ordinal: number) =>
      isBroken(ordinal) ? { stop: { afterTokens: 2, how: 'stall' } as const } : {};
    const { run, log } = await loadGolden({}, { timeouts: { requestS: 0.5 } }, { answerFor });
    const stalled = run.requests.filter(({ state }) => state === 'timed-out');
    expect(stalled).toHaveLength(log.requests.filter(({ end }) => end === 'broken-off').length);
    expect(stalled.length).toBeGreaterThan(0);
    for (const record of stalled) expect(record.text).toBe(goldenText(truthOf(record, log).ordinal, 2));
    for (const record of run.requests.filter(({ state }) => state === 'completed'))
      expectSame(record, truthOf(record, log));
  });

  it('with an error status fail with it, and the connection serves the next', async () => {
    const answerFor = (ordinal: number) => (isBroken(ordinal) ? { status: 503 } : {});
    const { run, log } = await loadGolden({}, {}, { answerFor });
    const failed = run.requests.filter(({ state }) => state === 'failed');
    expect(failed.map(({ error }) => error)).toEqual(
      failed.map(() => ({ code: 'http-503', message: 'refused with 503, as configured' })),
    );
    expect(failed).toHaveLength(log.requests.filter(({ end }) => end === 'refused').length);
    expect(failed.length).toBeGreaterThan(0);
    expect(new Set(log.requests.map(({ connection }) => connection)).size).toBe(5);
  });
});

describe('a run that is stopped', () => {
  it('keeps what had come of answers under way, and the server sees each of them given up', async () => {
    await using golden = await startGoldenServer({
      ttftMs: 1,
      itlMs: 1,
      split: { longest: 7 },
      text: 'hard',
    });
    const stop = new AbortController();
    const spec = goldenSpec(golden, { prompts: { outputLen: 60, rangeRatio: 1 }, numPrompts: 40 });
    const running = generateLoad(spec, { signal: stop.signal });
    const before = requestsBefore(spec);
    const sent = () => golden.log().requests.slice(before);
    const open = () => sent().filter(({ end }) => end === 'open');
    const isMidway = ({ tokens, tokensSent }: GoldenRequest) => tokensSent > 5 && tokensSent < tokens - 20;
    // Four are in flight, after some that have ended.
    while (!(sent().length >= 8 && open().length === 4 && open().every(isMidway)))
      await new Promise(setImmediate);
    stop.abort();
    const run = await running;
    while (open().length > 0) await new Promise(setImmediate);

    expect(run.complete).toBe(false);
    expect(run.requests).toHaveLength(sent().length);
    const truths = run.requests.map((record) => truthOf(record, golden.log()));
    expect(new Set(truths).size).toBe(run.requests.length);
    const cancelled = run.requests.filter(({ state }) => state === 'cancelled');
    expect(cancelled).toHaveLength(4);
    for (const [i, record] of run.requests.entries()) {
      const truth = truths[i]!;
      if (record.state === 'completed') expectSame(record, truth, { text: 'hard' });
      else {
        expect(truth.end).toBe('lost');
        expect(record.chunkMs.length).toBeLessThanOrEqual(truth.tokensSent);
        expect(record.text).toBe(goldenText(truth.ordinal, record.chunkMs.length, 'hard'));
      }
    }
  });
});

/** A relay that reads a few bytes from the server per turn of the event loop, so what the server writes piles up. */
async function slowRelay(port: number): Promise<AsyncDisposable & { readonly url: string }> {
  const sockets = new Set<Socket>();
  const relay = createServer((client) => {
    const callback = (length: number, bytes: Uint8Array): boolean => {
      client.write(Uint8Array.from(bytes.subarray(0, length)), () => setImmediate(() => server.resume()));
      return false;
    };
    const server = connect({ port, host: '127.0.0.1', onread: { buffer: Buffer.alloc(4096), callback } });
    for (const socket of [client, server]) sockets.add(socket.on('error', () => {}));
    client.pipe(server);
    server.on('end', () => client.end());
  }).listen(0, '127.0.0.1');
  await once(relay, 'listening');
  return {
    url: `http://127.0.0.1:${(relay.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      const closed = once(relay, 'close');
      relay.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

describe('slow readers', () => {
  it('get every token of answers that the server has to hold back', async () => {
    await using golden = await startGoldenServer({ eventsPerWrite: 500, text: 'hard' });
    await using relay = await slowRelay(golden.port);
    const spec = goldenSpec(relay, { prompts: { outputLen: 30_000 }, numPrompts: 8, numWarmups: 0 });
    const run = await generateLoad(spec);
    await expectExact({ spec, run, log: golden.log() }, { text: 'hard' });
  });
});

describe('HTTPS', () => {
  it.each([
    ['kept alive', {}],
    ['closed after each answer', { connection: 'close' }],
    ['cut at every byte', { split: { longest: 1 } }],
  ] as const)('is read exactly, %s', async (_name, server) => {
    await using golden = await startGoldenServer({ tls: TLS, text: 'hard', ...server });
    using folder = new LoadFolder();
    const spec = goldenSpec(golden, { output: { recordsFile: join(folder.path, 'records.jsonl') } });
    const { code, output } = await folder.start(spec, 'ignore', { NODE_EXTRA_CA_CERTS: TLS_CERT_FILE }).ended;
    expect(code, output).toBe(0);
    await expectExact({ spec, run: folder.recorded(), log: golden.log() }, { text: 'hard' });
  });

  it('is not spoken to a server whose certificate nobody vouches for', async () => {
    await using golden = await startGoldenServer({ tls: TLS });
    await expect(generateLoad(goldenSpec(golden))).rejects.toMatchObject({
      code: 'ENDPOINT_UNREACHABLE',
      message: expect.stringMatching(/self[- ]signed certificate/) as unknown,
    });
    expect(golden.log().requests).toEqual([]);
  });
});

describe('ten thousand requests', () => {
  const changes = {
    numPrompts: 10_000,
    numWarmups: 100,
    prompts: { inputLen: 12, outputLen: 4 },
    arrival: { concurrency: 100 },
  };

  it('are each sent once, answered once and recorded once', async () => {
    await expectExact(await loadGolden({ log: 'requests' }, changes));
  });

  it('the same by several threads', async () => {
    await using golden = await startGoldenServer({ log: 'requests' });
    using folder = new LoadFolder();
    const recordsFile = join(folder.path, 'records.jsonl');
    const spec = { ...goldenSpec(golden, { ...changes, output: { recordsFile } }), workers: 3 };
    const { code, output } = await folder.start(spec).ended;
    expect(code, output).toBe(0);
    await expectExact({ spec, run: folder.recorded(), log: golden.log() });
  });
});
