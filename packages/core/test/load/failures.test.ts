import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { generateLoad } from '../../src/load/run/run-load.js';
import { startFakeServer, type Fault } from '../../src/testing/index.js';
import { requestsBefore, specFor } from './specs.js';

/** Fault, expected code, part of the message, chunks before it. */
const FAULTS: readonly [Fault, string, string, number | undefined][] = [
  ['status-500', 'http-500', 'the engine is dead', 0],
  ['malformed-chunk', 'malformed-chunk', 'not JSON', undefined],
  ['error-event', 'error-event', 'out of memory', undefined],
  ['truncated-stream', 'truncated-stream', 'without [DONE]', 2],
  ['reset', 'connection-lost', '', 2],
  ['empty-stream', 'no-chunks', 'no chunk', 0],
];

describe('a request that fails', () => {
  describe.each(['per-slot', 'per-request'] as const)('%s', (connections) => {
    it.each(FAULTS)('%s is counted, and the run goes on', async (fault, code, message, chunks) => {
      // Requests 3 and 7 of the measured ones.
      const spec = specFor({ url: 'http://127.0.0.1:1' }, { connections, arrival: { concurrency: 2 } });
      const faulty = [3, 7].map((n) => requestsBefore(spec) + n);
      await using fake = await startFakeServer({ faults: [fault], faultAt: (n) => faulty.includes(n) });
      const run = await generateLoad({ ...spec, endpoint: { ...spec.endpoint, baseUrl: fake.url } });
      const failed = run.requests.filter(({ state }) => state === 'failed');
      expect(run.complete).toBe(true);
      expect(run.requests).toHaveLength(12);
      expect(failed).toHaveLength(2);
      expect(run.requests.filter(({ state }) => state === 'completed')).toHaveLength(10);
      for (const record of failed) {
        expect(record.error?.code).toBe(code);
        expect(record.error?.message).toContain(message);
        expect(record.doneMs).toBeGreaterThanOrEqual(record.sentMs ?? NaN);
        if (chunks !== undefined) expect(record.chunkMs).toHaveLength(chunks);
      }
    });
  });

  it('counts failed warm-ups and measures all the same', async () => {
    await using fake = await startFakeServer({ faults: ['status-500'], faultAt: (n) => n === 2 || n === 3 });
    const run = await generateLoad(specFor(fake));
    expect(run.warmups).toEqual({ completed: 1, failed: 2 });
    expect(run.requests.every(({ state }) => state === 'completed')).toBe(true);
  });

  it('clips long messages and hides the token in them', async () => {
    await using fake = await startFakeServer({ apiKey: 'right' });
    const error = await generateLoad(specFor(fake), { apiKey: 'wrong-secret' }).catch((e: unknown) => e);
    expect(error).toMatchObject({
      code: 'REQUEST_FAILED',
      hint: expect.stringContaining('apiKeyEnv') as string,
    });
    expect(String(error)).toContain('Bearer ***');
    expect(String(error)).not.toContain('wrong-secret');
  });

  it('times out and leaves the others alone', async () => {
    await using fake = await startFakeServer();
    const spec = specFor(fake, { timeouts: { requestS: 1 }, numWarmups: 0, arrival: { concurrency: 2 } });
    const running = generateLoad({ ...spec, numPrompts: 4 }, { onStart: () => fake.hold(1) });
    // The first two are never answered completely; later ones are.
    await fake.when(({ cancelled }) => cancelled === 2);
    fake.release();
    const run = await running;
    const states = run.requests.map(({ state, error }) => [state, error?.code]);
    expect(states.slice(0, 2)).toEqual([
      ['timed-out', 'timed-out'],
      ['timed-out', 'timed-out'],
    ]);
    expect(run.requests[0]?.chunkMs).toHaveLength(1);
    expect(run.complete).toBe(true);
  });
});

describe('an endpoint that cannot be used', () => {
  it('is unreachable when nothing listens', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    await expect(generateLoad(specFor({ url: `http://127.0.0.1:${port}` }))).rejects.toMatchObject({
      code: 'ENDPOINT_UNREACHABLE',
      message: expect.stringContaining('connect-failed') as string,
    });
  });

  it('is unreachable when what listens hangs up', async () => {
    const server = createServer((socket) => socket.destroy()).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const form = 'auto';
    await expect(
      generateLoad(specFor({ url: `http://127.0.0.1:${port}` }, { prompts: { form } }), {
        retryPausesMs: [1],
      }),
    ).rejects.toMatchObject({ code: 'ENDPOINT_UNREACHABLE' });
    server.close();
  });

  it.each(['token-ids', 'auto', 'text'] as const)(
    'lists the served models when the model is unknown (%s)',
    async (form) => {
      await using fake = await startFakeServer({ model: 'served/model' });
      await expect(generateLoad(specFor(fake, { prompts: { form } }))).rejects.toMatchObject({
        code: 'REQUEST_FAILED',
        message: expect.stringContaining('the model fake-model does not exist') as string,
        hint: expect.stringContaining('served/model') as string,
      });
    },
  );

  it('says what it answered when the path is wrong', async () => {
    await using fake = await startFakeServer();
    const spec = specFor({ url: `${fake.url}/v1` });
    const run = generateLoad({
      ...spec,
      endpoint: { ...spec.endpoint, baseUrl: `${fake.url}/v2/x` },
      model: 'other',
    });
    await expect(run).rejects.toMatchObject({ code: 'REQUEST_FAILED' });
  });
});

describe('a server that dies', () => {
  it('fails what was in flight and what comes after, and the run ends', async () => {
    await using fake = await startFakeServer();
    const running = generateLoad(specFor(fake), { onStart: () => fake.hold(2) });
    await fake.when(({ inFlight }) => inFlight === 4);
    await fake.close();
    const run = await running;
    expect(run.requests).toHaveLength(12);
    const codes = run.requests.map(({ error }) => error?.code);
    expect(codes.slice(0, 4)).toEqual(Array(4).fill('connection-lost'));
    expect(codes.slice(4)).toEqual(Array(8).fill('connect-failed'));
    expect(run.requests.slice(4).every((r) => r.sentMs === undefined && r.doneMs !== undefined)).toBe(true);
    expect(run.client.peakInFlight).toBe(4);
  });
});
