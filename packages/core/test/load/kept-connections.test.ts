import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { generateLoad } from '../../src/load/run/run-load.js';
import { startGoldenServer } from '../../src/selftest/golden/golden-server.js';
import type { AnswerOptions } from '../../src/selftest/golden/options.js';
import { decodeRunRecord } from '../../src/load/records/read-records.js';
import type { RunRecord } from '../../src/load/records/record.js';
import { encodeFooter, encodeHeader, encodeRequest } from '../../src/load/records/records.js';
import { marksOf } from '../../src/metrics/marks.js';
import { rawResult } from '../../src/results/raw-result.js';
import { specFor } from './specs.js';

const BODY =
  'data: {"choices":[{"index":0,"text":"a","finish_reason":"length"}],"usage":{"prompt_tokens":1,"completion_tokens":1}}\n\n' +
  'data: [DONE]\n\n';
const ANSWER = `HTTP/1.1 200 OK\r\ncontent-length: ${BODY.length}\r\n\r\n${BODY}`;

/** Answers the first `answered` requests of each connection, and closes it silently on the next. */
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
    return { run: await generateLoad(spec, { retryPausesMs: [1] }), requests: () => requests };
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
  // One request before tested how prompts are accepted.
  expect(requests()).toBe(1 + 10 + 8);
});

it('a request on a new connection is not', async () => {
  await expect(loadOf(0)).rejects.toMatchObject({ code: 'ENDPOINT_UNREACHABLE' });
});

describe('a server that keeps no connection', () => {
  type Changes = Parameters<typeof specFor>[1];

  async function loadGolden(connection: AnswerOptions['connection'], changes: Changes = {}) {
    const server = await startGoldenServer({ connection, ttftMs: 2, itlMs: 1, log: 'requests' });
    const spec = specFor(server, { model: 'golden', serverMetrics: false, numPrompts: 24, ...changes });
    try {
      const run = await generateLoad(spec);
      return { run, log: server.log() };
    } finally {
      await server.close();
    }
  }

  const reread = (run: RunRecord) =>
    decodeRunRecord([encodeHeader(run), ...run.requests.map(encodeRequest), encodeFooter(run)].join(''));

  it.each([
    ['without a word', 'close-silently', 8],
    ['without a word, after as many warm-ups as slots', 'close-silently', 4],
    ['without a word, after one warm-up', 'close-silently', 1],
    ['without a word, and was not warmed up', 'close-silently', 0],
    ['as it says', 'close', 8],
  ] as const)('%s gets one for each request, and no mark', async (_, connection, numWarmups) => {
    const { run } = await loadGolden(connection, { numWarmups });
    for (const one of [run, reread(run)]) {
      expect(one.connections).toMatchObject({ used: 'per-request' });
      expect(one.spec.connections).toBe('per-slot');
    }
    expect(run.requests.every(({ state, retries }) => state === 'completed' && retries === undefined)).toBe(
      true,
    );
    expect(run.client.workers?.[0]?.connections).toMatchObject({ dropped: 0, retried: 0 });
    expect(marksOf(run).filter(({ code }) => code === 'client-connections')).toEqual([]);
    const raw = rawResult({ run, values: {}, intervals: {}, modelId: 'm' });
    expect(raw['sweepline']).toMatchObject({ connections: 'per-request' });
  });

  it('is no server that keeps them', async () => {
    for (const numWarmups of [0, 1, 8]) {
      const { run, log } = await loadGolden('keep-alive', { numWarmups });
      expect(run).not.toHaveProperty('connections');
      // One for each slot, and one for the probe.
      expect(log.connections).toBe(4 + 1);
    }
  });

  it('is asked for nothing else where the spec wants a connection for each request', async () => {
    const { run } = await loadGolden('close-silently', { connections: 'per-request' });
    expect(run).not.toHaveProperty('connections');
  });
});
