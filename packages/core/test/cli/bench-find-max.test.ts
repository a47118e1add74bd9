import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { decodeRunRecord } from '../../src/load/records/read-records.js';
import { readSearch, z } from '../../src/index.js';
import { startFakeServer } from '../../src/testing/index.js';
import { schemaOf, strict } from '../results/json-schema.js';
import { runCli } from '../run-cli.js';
import { makeWorkspace } from '../workspace.js';

/** What `--json` prints, as far as it is looked at. */
interface Found {
  readonly bracket: { readonly holds?: number; readonly fails?: number };
  readonly how: string;
  readonly probes: readonly {
    readonly name: string;
    readonly value: number;
    readonly verdict: string;
    readonly seen: { readonly evidence: readonly { readonly requests: number; readonly kept: number }[] };
  }[];
}

const EVENTS = [
  '{"choices":[{"text":"a"}]}',
  '{"choices":[{"text":"b"}],"usage":{"prompt_tokens":8,"completion_tokens":2}}',
  '[DONE]',
];

/** A server that serves so many requests at the same time and refuses all others: where it is overloaded is no matter of speed. */
async function startStrictServer(most: number) {
  let inFlight = 0;
  const server = createServer((request, response) => {
    void (async () => {
      if (request.method !== 'POST') return response.writeHead(404).end();
      for await (const _ of request);
      if (inFlight >= most) return response.writeHead(503).end();
      inFlight++;
      await delay(5);
      inFlight--;
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      return response.end(EVENTS.map((event) => `data: ${event}\n\n`).join(''));
    })();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}

const SMALL = ['--random-input-len', '8', '--random-output-len', '2', '--prompt-form', 'token-ids'];

describe('sweepline bench --find-max-…', () => {
  it('finds the most requests in flight that a server takes, and keeps every probe', async () => {
    await using server = await startStrictServer(6);
    await using workspace = await makeWorkspace({});
    const { exitCode, stdout, stderr } = await workspace.cli([
      ...['bench', '--base-url', server.url, '--model', 'm', ...SMALL, '--allow-invalid', '--json'],
      ...['--find-max-concurrency', '--slo', 'e2el:60000', '--slo-share', '0.95', '--num-prompts', '600'],
      ...['--max-concurrency', '2', '--result-dir', 'kept'],
    ]);
    expect([exitCode, stderr]).toEqual([0, expect.stringContaining('probe 1: 2 in flight')]);
    const found = JSON.parse(stdout) as Found;
    expect(found).toMatchObject({ how: 'bracket', bracket: { holds: 6, fails: 7 } });
    const [folder = ''] = await readdir(join(workspace.root, 'kept'));
    const read = (file: string) => readFile(join(workspace.root, 'kept', folder, file), 'utf8');
    expect(JSON.parse(await read('search.json'))).toEqual(found);
    expect(found).toMatchObject({ schema: 'sweepline.max-rate/1', model: 'm', baseUrl: server.url });
    expect(await readSearch(join(workspace.root, 'kept', folder))).toEqual(found);
    expect(z.fromJSONSchema(strict(await schemaOf('max-rate-1'))).safeParse(found).error).toBeUndefined();
    expect(await read('report.html')).toContain('Holds at 6 in flight, fails at 7 in flight');
    for (const { name, value } of found.probes) {
      const run = decodeRunRecord(await read(`probes/${name}/records.jsonl`));
      expect(run.spec.arrival).toEqual({ pattern: 'closed-loop', concurrency: value });
      expect(JSON.parse(await read(`probes/${name}/raw.json`))).toMatchObject({ max_concurrency: value });
      expect(JSON.parse(await read(`probes/${name}/load.json`))).toEqual(run.spec);
    }
    const seeds = found.probes.map(
      async ({ name }) => decodeRunRecord(await read(`probes/${name}/records.jsonl`)).spec.prompts,
    );
    expect(new Set((await Promise.all(seeds)).map((prompts) => JSON.stringify(prompts))).size).toBe(
      found.probes.length,
    );
  });

  it('says that no load keeps objectives that a single request breaks', async () => {
    await using server = await startFakeServer();
    await using workspace = await makeWorkspace({});
    const { exitCode, stdout } = await workspace.cli([
      ...['bench', '--base-url', server.url, '--model', 'fake-model', ...SMALL, '--allow-invalid'],
      ...[
        '--find-max-concurrency',
        '--slo',
        'ttft:0.0001',
        '--slo-share',
        '0.9',
        '--num-prompts',
        '200',
        '--max-concurrency',
        '2',
      ],
    ]);
    expect(exitCode).toBe(7);
    expect(stdout).toContain('The objectives fail even at 1 in flight');
    expect(stdout).toMatch(/^1 .* fails$/m);
  });

  it('is undecided where its time is over before anything fails', async () => {
    await using server = await startFakeServer();
    await using workspace = await makeWorkspace({});
    const { exitCode, stdout } = await workspace.cli([
      ...['bench', '--base-url', server.url, '--model', 'fake-model', ...SMALL, '--allow-invalid'],
      ...['--find-max-rate', '--slo', 'e2el:600000', '--slo-share', '0.9', '--num-prompts', '200'],
      ...['--request-rate', '20', '--search-limit', '2'],
    ]);
    expect(exitCode).toBe(8);
    expect(stdout).toMatch(/Undecided|was seen to fail/);
  });

  it('ends with an error where the server answers nothing', async () => {
    await using server = await startStrictServer(0);
    await using workspace = await makeWorkspace({});
    const { exitCode, stderr, stdout } = await workspace.cli([
      ...[
        'bench',
        '--base-url',
        server.url,
        '--model',
        'm',
        ...SMALL,
        '--find-max-rate',
        '--slo',
        'ttft:500',
      ],
    ]);
    expect([exitCode, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/REQUEST_FAILED/);
  });

  it('tells before any load that its folder can not be made', async () => {
    await using server = await startFakeServer();
    await using workspace = await makeWorkspace({ file: 'x' });
    const { exitCode, stderr } = await workspace.cli([
      ...['bench', '--base-url', server.url, '--model', 'fake-model', ...SMALL],
      ...['--find-max-rate', '--slo', 'ttft:500', '--result-dir', 'file'],
    ]);
    expect(exitCode).toBe(5);
    expect(stderr).toMatch(/RESULT_WRITE_FAILED/);
    expect(server.requests).toEqual([]);
  });

  it.each<[readonly string[], RegExp]>([
    [['--find-max-rate'], /a search needs --slo/],
    [['--slo', 'ttft:5'], /--slo needs --find-max-rate/],
    [['--find-max-rate', '--find-max-concurrency', '--slo', 'ttft:5'], /cannot be used with/],
    [['--find-max-rate', '--slo', 'itl:5'], /expected ttft, tpot or e2el/],
    [['--find-max-rate', '--slo', 'ttft:0'], /above 0/],
    [['--find-max-rate', '--slo', 'p100-ttft:5'], /below 100/],
    [['--find-max-rate', '--slo', 'ttft:5', '--slo-share', '1'], /below 1/],
    [['--find-max-rate', '--slo', 'ttft:5', '--precision', '0'], /0\.01 to 1/],
    [['--find-max-rate', '--slo', 'ttft:5', '--num-prompts', '100'], /100 requests can't show that 99 %/],
    [['--find-max-rate', '--slo', 'ttft:5', '--request-rate', '1,2'], /one --request-rate/],
    [['--find-max-rate', '--slo', 'ttft:5', '--arrival', 'ramp'], /doesn't work with --arrival ramp/],
    [['--find-max-concurrency', '--slo', 'ttft:5', '--request-rate', '1'], /takes no --request-rate/],
    [['--find-max-rate', '--slo', 'ttft:5', '--duration', '5'], /--probe-limit/],
    [['--find-max-rate', '--slo', 'ttft:5', '--keep-records', 'R'], /leave --keep-records out/],
    [['--find-max-rate', '--slo', 'ttft:5', '--csv'], /--json/],
  ])('refuses %s', async (args, reason) => {
    const { exitCode, stderr } = await runCli(['bench', '--model', 'm', ...args], '/');
    expect(stderr).toMatch(reason);
    expect(exitCode).toBe(2);
  });
});
