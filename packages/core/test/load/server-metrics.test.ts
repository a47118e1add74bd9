import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { startClock } from '../../src/load/health/clock.js';
import { createScraper } from '../../src/load/server-metrics/scraper.js';
import {
  serverMetricsRecordSchema,
  startServerMetrics,
  type ServerMetricsRecord,
} from '../../src/load/server-metrics/server-metrics.js';
import { MetricsTable } from '../../src/load/server-metrics/table.js';
import type { LoadSpec } from '../../src/load/spec/spec.js';

type Answer = (request: IncomingMessage, response: ServerResponse, nth: number) => void;

/** A metrics server that counts its requests. */
class MetricsServer implements AsyncDisposable {
  readonly asked: IncomingMessage[] = [];
  private readonly waiting = new Map<number, () => void>();

  private constructor(
    readonly url: string,
    private readonly server: ReturnType<typeof createServer>,
  ) {}

  static async start(answer: Answer): Promise<MetricsServer> {
    const server = createServer((request, response) => {
      started.asked.push(request);
      answer(request, response, started.asked.length);
      started.waiting.get(started.asked.length)?.();
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const started = new MetricsServer(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, server);
    return started;
  }

  askedTimes(count: number): Promise<void> {
    if (this.asked.length >= count) return Promise.resolve();
    return new Promise((resolve) => this.waiting.set(count, resolve));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }
}

const PATH = '/metrics';

function specOf(
  server: MetricsServer,
  serverMetrics: LoadSpec['serverMetrics'] = { path: PATH, intervalS: 0.002 },
): Pick<LoadSpec, 'endpoint' | 'serverMetrics'> {
  return { endpoint: { baseUrl: server.url, api: 'completions' }, serverMetrics };
}

const start = (server: MetricsServer, settings?: LoadSpec['serverMetrics'], apiKey?: string) =>
  startServerMetrics(specOf(server, settings), startClock(), { apiKey });

/** The text of two engines behind one vLLM server at their nth scrape. */
function vllmText(nth: number): string {
  return [
    '# TYPE vllm:num_requests_running gauge',
    `vllm:num_requests_running{engine="0",model_name="m"} ${nth}.0`,
    `vllm:num_requests_running{engine="1",model_name="m"} 10.0`,
    `vllm:kv_cache_usage_perc{engine="0",model_name="m"} 0.5`,
    `vllm:kv_cache_usage_perc{engine="1",model_name="m"} 0.25`,
    `vllm:generation_tokens_total{engine="0",model_name="m"} ${1000 + 7 * nth}.0`,
    `vllm:time_to_first_token_seconds_bucket{engine="0",le="+Inf",model_name="m"} ${nth}.0`,
  ].join('\n');
}

const text =
  (make: (nth: number) => string): Answer =>
  (_request, response, nth) =>
    response.end(make(nth));

afterEach(() => {
  vi.useRealTimers();
});

describe('startServerMetrics', () => {
  it('scrapes before, beside and after a load', async () => {
    await using server = await MetricsServer.start(text(vllmText));

    const watch = await start(server, undefined, 'key');
    await server.askedTimes(4);
    const record = (await watch.stop()) as ServerMetricsRecord;

    const rows = record.timesMs.length;
    expect(rows).toBe(server.asked.length);
    expect(rows).toBeGreaterThanOrEqual(5);
    expect(record).toEqual({
      path: PATH,
      intervalS: 0.002,
      scrapes: { sent: rows, failed: 0 },
      names: {
        running: 'vllm:num_requests_running',
        kvCacheUse: 'vllm:kv_cache_usage_perc',
        generationTokens: 'vllm:generation_tokens_total',
      },
      timesMs: [...record.timesMs].sort((a, b) => a - b),
      columns: {
        running: Array.from({ length: rows }, (_, row) => 11 + row),
        kvCacheUse: Array.from({ length: rows }, () => 0.375),
        generationTokens: Array.from({ length: rows }, (_, row) => 7 * row),
      },
    });
    expect(serverMetricsRecordSchema.parse(JSON.parse(JSON.stringify(record)))).toEqual(record);
    expect(new Set(server.asked.map(({ headers }) => headers.authorization))).toEqual(
      new Set(['Bearer key']),
    );
  });

  it('asks once at a time, however long an answer takes', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    let release = (): void => {};
    await using server = await MetricsServer.start((_request, response, nth) => {
      if (nth === 2) release = () => response.end(vllmText(nth));
      else response.end(vllmText(nth));
    });

    const watch = await start(server, { path: PATH });
    vi.advanceTimersByTime(1000);
    await server.askedTimes(2);
    vi.advanceTimersByTime(60_000);
    release();
    const record = await watch.stop();

    expect(record).toMatchObject({ intervalS: 1, scrapes: { sent: 3, failed: 0 } });
    expect(server.asked).toHaveLength(3);
  });

  it('finds metrics where engines have them, and JSON where text is not to be had', async () => {
    await using server = await MetricsServer.start(({ url }, response) => {
      if (url !== '/metrics') response.statusCode = 404;
      response.end(url === '/metrics' ? '[{"numActiveRequests":3,"numQueuedRequests":0}]' : 'nothing');
    });

    const record = await (await start(server, {})).stop();

    expect(server.asked.map(({ url }) => url)).toEqual(['/prometheus/metrics', '/metrics', '/metrics']);
    expect(record).toMatchObject({ path: '/metrics', columns: { running: [3, 3], waiting: [0, 0] } });
  });

  it('takes samples of engines that it does not know by the names it is given', async () => {
    await using server = await MetricsServer.start(text((nth) => `acme_busy ${nth}\nacme_out ${nth * 5}\n`));

    const names = { running: ['acme_active', 'acme_busy'], generationTokens: ['acme_out'] };
    const record = await (await start(server, { path: PATH, names })).stop();

    expect(record?.names).toEqual({ running: 'acme_busy', generationTokens: 'acme_out' });
    expect(record?.columns).toEqual({ running: [1, 2], generationTokens: [0, 5] });
  });

  it('does not ask at all when it is off', async () => {
    await using server = await MetricsServer.start(text(vllmText));

    expect(await (await start(server, false)).stop()).toBeUndefined();
    expect(server.asked).toEqual([]);
  });

  const huge = Buffer.alloc(5 * 1024 * 1024, '#');
  it.each<[string, Answer]>([
    ['says that there are none', (_request, response) => response.writeHead(404).end('a 1\n')],
    ['answers with a page', (_request, response) => response.end('<!doctype html><html></html>')],
    ['answers with nothing', (_request, response) => response.end()],
    ['answers with an object', (_request, response) => response.end('{"detail":"no"}')],
    ['answers with too much', (_request, response) => response.end(huge)],
    ['hangs up', (_request, response) => response.destroy()],
  ])('leaves a server alone that %s', async (_what, answer) => {
    await using server = await MetricsServer.start(answer);

    const watch = await start(server);

    expect(server.asked).toHaveLength(1);
    expect(await watch.stop()).toBeUndefined();
    expect(server.asked).toHaveLength(1);
  });

  it.each<[string, number, LoadSpec['serverMetrics'], readonly string[]]>([
    ['nothing of a server without metrics', 404, {}, []],
    ['why there are none where a path was given', 404, { path: PATH }, ['/metrics: status 404']],
    [
      'why those that are there can not be read',
      500,
      {},
      ['/prometheus/metrics: status 500; /metrics: status 500'],
    ],
  ])('says %s', async (_, status, settings, problems) => {
    await using server = await MetricsServer.start((_request, response) => response.writeHead(status).end());
    const told: string[] = [];
    const watch = await startServerMetrics(specOf(server, settings), startClock(), undefined, (message) =>
      told.push(message),
    );
    expect(await watch.stop()).toBeUndefined();
    expect(told).toEqual(problems.map((problem) => `the server's metrics can't be read: ${problem}`));
  });

  it('has nothing to tell of metrics that say nothing of serving', async () => {
    await using server = await MetricsServer.start(text(() => 'process_cpu_seconds_total 3\n'));

    expect(await (await start(server)).stop()).toBeUndefined();
  });

  it('counts answers that are missing, broken or too long, and goes on', async () => {
    const broken: readonly Answer[] = [
      (_request, response) => response.destroy(),
      (_request, response) => response.end('vllm:num_requests_running{engine="0'),
      (_request, response) => response.end(huge),
      (_request, response) => response.writeHead(500).end(vllmText(1)),
    ];
    await using server = await MetricsServer.start((request, response, nth) =>
      (broken[nth - 2] ?? text(vllmText))(request, response, nth),
    );

    const watch = await start(server);
    await server.askedTimes(6);
    const record = (await watch.stop()) as ServerMetricsRecord;

    const sent = server.asked.length;
    expect(record.scrapes).toEqual({ sent, failed: 4 });
    expect(record.columns.running).toEqual([11, ...Array.from({ length: sent - 5 }, (_, i) => 16 + i)]);
    expect(record.columns.generationTokens?.at(-1)).toBe(7 * (sent - 1));
  });

  it('keeps what it has when the server is gone at the end', async () => {
    const server = await MetricsServer.start(text(vllmText));
    const watch = await start(server, { path: PATH });
    await server[Symbol.asyncDispose]();

    expect(await watch.stop()).toMatchObject({
      scrapes: { sent: 2, failed: 1 },
      columns: { generationTokens: [0] },
    });
  });
});

describe('createScraper', () => {
  it('waits no longer than its limit', async () => {
    await using server = await MetricsServer.start(() => {});
    const scraper = await createScraper(new URL('/metrics', server.url), () => true, { timeoutMs: 20 });

    await expect(scraper.scrape()).rejects.toMatchObject({ name: 'TimeoutError' });
    await scraper.close();
  });
});

describe('MetricsTable', () => {
  const sample = (name: string, value: number, labels: Readonly<Record<string, string>> = {}) => ({
    name,
    labels,
    value,
  });

  it('counts on over restarts, and whole what first appears later', () => {
    const table = new MetricsTable({ generationTokens: ['out'], preemptions: ['lost'] });
    table.add(0, [sample('out', 100, { rank: '0' })]);
    table.add(1, [sample('out', 130, { rank: '0' }), sample('out', 5, { rank: '1' })]);
    table.add(2, [sample('out', 10, { rank: '0' }), sample('out', 9, { rank: '1' }), sample('lost', 2)]);
    table.add(3, []);
    table.add(4, [sample('out', 10, { rank: '0' }), sample('out', 9, { rank: '1' }), sample('lost', 3)]);

    expect(table.columns).toEqual({
      generationTokens: [0, 35, 49, null, 49],
      preemptions: [null, null, 2, null, 3],
    });
  });

  it('takes a series that is there twice once, whatever the order of its labels', () => {
    const table = new MetricsTable({ running: ['run'], generationTokens: ['out'] });
    for (const row of [0, 1]) {
      const [one, other] = [
        sample('out', 10 + row, { a: '1', b: '2' }),
        sample('out', 90, { b: '2', a: '1' }),
      ];
      table.add(row, [one, other, sample('run', 3), sample('run', 4)]);
    }

    expect(table.columns).toEqual({ running: [3, 3], generationTokens: [0, 1] });
  });

  it('keeps to the name that it saw first, and has nothing for what is no number', () => {
    const table = new MetricsTable({ running: ['new', 'old'], kvCacheUse: ['use'] });
    table.add(0, [sample('old', 1), sample('use', NaN)]);
    table.add(1, [sample('new', 7), sample('old', 2), sample('use', Infinity)]);
    table.add(2, [sample('old', 3), sample('use', 0.5)]);

    expect(table.names).toEqual({ running: 'old', kvCacheUse: 'use' });
    expect(table.columns).toEqual({ running: [1, 2, 3], kvCacheUse: [null, null, 0.5] });
  });
});
