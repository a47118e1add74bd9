import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { RunRecord } from '../../src/load/records/record.js';
import { encodeFooter, encodeHeader, encodeRequest } from '../../src/load/records/records.js';
import { request, runOf } from '../metrics/run.js';
import { runCli } from '../run-cli.js';
import { acmeEntry, makeWorkspace, type TestWorkspace } from '../workspace.js';

/** 30 requests, one after the other. */
const run = runOf(
  Array.from({ length: 30 }, (_, index) => {
    const sentMs = index * 100;
    const chunkMs = [sentMs + 50 + index, sentMs + 70 + index, sentMs + 90];
    return request({
      index,
      scheduledMs: sentMs,
      sentMs,
      chunkMs,
      firstContentMs: chunkMs[0],
      lastContentMs: chunkMs[2],
      usageMs: sentMs + 95,
      doneMs: sentMs + 100,
    });
  }),
  { window: { startMs: 0, endMs: 3000 } },
);

async function saveRecords(workspace: TestWorkspace, { requests, ...rest }: RunRecord): Promise<void> {
  const text = [encodeHeader(rest), ...requests.map(encodeRequest), encodeFooter(rest)].join('');
  await writeFile(join(workspace.root, 'records.jsonl'), text);
}

interface Json {
  readonly definitions: readonly {
    readonly name: string;
    readonly values: readonly { readonly key: string; readonly value: unknown }[];
  }[];
  readonly intervals?: unknown;
}

const valuesOf = ({ definitions }: Json, index = 0) =>
  Object.fromEntries((definitions[index]?.values ?? []).map(({ key, value }) => [key, value]));

describe('sweepline metrics recompute', () => {
  it('puts definitions below one another that have no room side by side', async () => {
    await using workspace = await makeWorkspace();
    await saveRecords(workspace, run);
    const args = ['metrics', 'recompute', 'records.jsonl', '--definitions', 'sweepline,vllm,aiperf,guidellm'];
    const headsAt = async (columns: number) => {
      const { stdout } = await runCli(args, workspace.root, false, columns);
      return stdout.split('\n').flatMap((line) => (/^ {8,}\w/.test(line) ? [line.trim().split(/ +/)] : []));
    };

    expect(await headsAt(80)).toEqual([['sweepline', 'vllm', 'aiperf', 'guidellm']]);
    expect(await headsAt(40)).toEqual([
      ['sweepline', 'vllm'],
      ['aiperf', 'guidellm'],
    ]);
  });

  it('gives what peers would have reported, as text and as JSON', async () => {
    await using workspace = await makeWorkspace();
    await saveRecords(workspace, run);
    const args = ['metrics', 'recompute', 'records.jsonl', '--definitions', 'vllm,aiperf'];

    const text = await workspace.cli(args);
    const json = await workspace.cli([...args, '--json']);

    expect(text.exitCode).toBe(0);
    expect(text.stdout).toMatch(/^vllm: vllm bench serve .*\n {2}duration +3 s$/m);
    expect(text.stdout).toMatch(/^ +vllm +aiperf$\n^ {2}mean TTFT +64\.5 +64\.5$\n^ {2}mean TPOT +5\.1 +-$/m);
    expect(text.stdout).toMatch(/^aiperf: AIPerf /m);
    expect(text.stdout).toMatch(/^ {2}request_latency +avg 90 .*p99 90 .*\(ms\)$/m);
    expect(text.stdout).toMatch(/^ {2}not known, .*reasoning.*: time_to_first_output_token$/m);
    const parsed = JSON.parse(json.stdout) as Json;
    expect(parsed.definitions.map(({ name }) => name)).toEqual(['vllm', 'aiperf']);
    expect(valuesOf(parsed)).toMatchObject({ completed: 30, mean_ttft_ms: 64.5, request_throughput: 10 });
    expect(valuesOf(parsed, 1)).toMatchObject({ time_to_first_token: { avg: 64.5 } });
  });

  it('has the energy of a run whose readings lie next to its records', async () => {
    await using workspace = await makeWorkspace();
    await saveRecords(workspace, run);
    const args = ['metrics', 'recompute', 'records.jsonl'];
    const without = await workspace.cli(args);
    const clock = { node: 'n0', offsetMs: 0, uncertaintyMs: 0 };
    const lines = [
      {
        ...{ schema: 'sweepline.telemetry/1', source: 'power.draw' },
        devices: [{ node: 'n0', device: 0, role: 'server' }],
      },
      ...[0, 2000, 4000].map((ms) => ({ node: 'n0', device: 0, powerW: 50, unixMs: run.originUnixMs + ms })),
      ...[{ clock }, { clock }],
    ];
    const file = join(workspace.root, 'telemetry.ndjson');
    await writeFile(file, lines.map((line) => JSON.stringify(line)).join('\n'));
    const beside = await workspace.cli(args);
    await writeFile(
      file,
      lines
        .slice(0, 3)
        .map((line) => JSON.stringify(line))
        .join('\n'),
    );
    const short = await workspace.cli(args);

    expect(without.stdout).not.toMatch(/power|energy|joules/);
    expect(beside.stdout).toMatch(/^ {2}total_gpu_energy_j +150 J$/m);
    expect(short.stdout).toMatch(/^ {2}power_valid +0$/m);
    expect(short.stdout).toMatch(/energy is left out: clock_unknown .*benchmark_window_not_bracketed/);
    expect(short.stdout).not.toMatch(/total_gpu_energy_j +\d/);
  });

  it("gives Sweepline's own numbers by default, with other objectives and intervals on request", async () => {
    await using workspace = await makeWorkspace();
    await saveRecords(workspace, run);
    const args = ['metrics', 'recompute', 'records.jsonl'];

    const plain = await workspace.cli(args);
    const more = await workspace.cli([...args, '--goodput', 'ttft:59,e2el:90', '--intervals']);
    const json = await workspace.cli([...args, '--goodput', 'ttft:59', '--intervals', '--json']);

    expect(plain.stdout).toMatch(/^ {2}mean_ttft_ms +64\.5 ms$/m);
    expect(plain.stdout).toMatch(/note: p99 and beyond of 30 requests/);
    expect(plain.stdout).not.toMatch(/goodput|intervals/);
    expect(more.stdout).toMatch(/^ {2}request_goodput +3\.333 req\/s$/m);
    expect(more.stdout).toMatch(/^ {2}mean_ttft_ms +5\d\.?\d* \.\. [67]\d\.?\d*$/m);
    expect(more.stdout).toMatch(/they cover this run only/);
    expect(JSON.parse(json.stdout)).toMatchObject({ intervals: { level: 0.95, blocks: 10 } });
  });

  it('gives requests in flight over time on request', async () => {
    await using workspace = await makeWorkspace();
    const early = run.requests.map((record) => ({ ...record, sentMs: (record.sentMs ?? 0) / 2 }));
    await saveRecords(workspace, { ...run, requests: early });
    const args = ['metrics', 'recompute', 'records.jsonl', '--concurrency'];

    const { stdout } = await workspace.cli(args);
    const json = JSON.parse((await workspace.cli([...args, '--json'])).stdout) as {
      readonly concurrency: { readonly partMs: number; readonly inFlight: readonly number[] };
    };

    expect(stdout).toMatch(/^Requests in flight over time, mean of 0\.120 s each$/m);
    expect(stdout).toMatch(/^ {2}0\.00 s +1\.\d  #+$/m);
    expect(json.concurrency.partMs).toBe(30);
    expect(json.concurrency.inFlight).toHaveLength(100);
    expect(Math.max(...json.concurrency.inFlight)).toBeCloseTo(16, 0);
  });

  it('gives the numbers of a sweep again from its records', async () => {
    await using workspace = await makeWorkspace({ 'configs/acme.yaml': acmeEntry('one') });
    await workspace.cli(['sweep']);
    const [result] = await workspace.results();
    const folder = `points/${result?.name ?? ''}`;
    const raw = JSON.parse(await workspace.readRunFile(`${folder}/raw.json`)) as Record<string, unknown>;
    await writeFile(
      join(workspace.root, 'copy.jsonl'),
      await workspace.readRunFile(`${folder}/records.jsonl`),
    );

    const { stdout } = await workspace.cli([
      'metrics',
      'recompute',
      'copy.jsonl',
      '--definitions',
      'sweepline,inferencex',
      '--json',
    ]);

    const parsed = JSON.parse(stdout) as Json;
    const [ours, theirs] = [valuesOf(parsed), valuesOf(parsed, 1)];
    expect(Object.keys(theirs).length).toBeGreaterThan(30);
    expect(raw).toMatchObject(ours);
    expect(raw).toMatchObject(theirs);
  });

  it('tokenizes kept text as the tools do that count themselves', async () => {
    const tokenizer = {
      model: { type: 'WordLevel', vocab: { a: 0, b: 1 }, unk_token: 'b' },
      pre_tokenizer: { type: 'Whitespace' },
    };
    await using workspace = await makeWorkspace({ 'model/tokenizer.json': JSON.stringify(tokenizer) });
    await saveRecords(workspace, {
      ...run,
      requests: run.requests.map((record) => ({ ...record, text: 'a b a b' })),
    });
    const args = ['metrics', 'recompute', 'records.jsonl', '--definitions', 'aiperf', '--json'];

    const counted = JSON.parse((await workspace.cli([...args, '--tokenizer', 'model'])).stdout) as Json;
    const told = JSON.parse((await workspace.cli(args)).stdout) as Json;
    const missing = await workspace.cli([...args, '--tokenizer', 'other']);

    expect(valuesOf(counted)).toMatchObject({ total_osl: 30 * 4 });
    expect(valuesOf(told)).toMatchObject({ total_osl: 30 * 6 });
    expect(missing).toMatchObject({ exitCode: 3, stdout: '' });
    expect(missing.stderr).toMatch(/TOKENIZER_INVALID/);
  });

  it('refuses definitions and objectives that there are none of, and files that are no records', async () => {
    await using workspace = await makeWorkspace({ 'other.txt': 'no records\n' });
    const cli = (...args: readonly string[]) => workspace.cli(['metrics', 'recompute', ...args]);

    const unknown = await cli('other.txt', '--definitions', 'mlperf');
    expect(unknown).toMatchObject({ exitCode: 2, stdout: '' });
    expect(unknown.stderr).toMatch(/mlperf is not one of sweepline, inferencex, vllm/);
    for (const limits of ['ttft', 'ttft:0', 'itl:5', 'ttft:200:30'])
      expect((await cli('other.txt', '--goodput', limits)).exitCode).toBe(2);
    expect((await cli('other.txt')).stderr).toMatch(
      /RESULT_READ_FAILED.*this is not a records file .*other\.txt/,
    );
    const missing = await cli('missing.jsonl');
    expect(missing.exitCode).toBe(5);
    expect(missing.stderr).toMatch(/RESULT_READ_FAILED: .*missing\.jsonl/);
  });
});
