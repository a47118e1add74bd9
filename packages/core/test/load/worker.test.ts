import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LoadSpec } from '../../src/load/spec/spec.js';
import { startFakeServer, type FakeServer } from '../../src/testing/index.js';
import { LoadFolder, worker, type Started } from './load-process.js';
import { requestsBefore, specFor } from './specs.js';

let load: LoadFolder;
let folder: string;
beforeEach(() => {
  load = new LoadFolder();
  folder = load.path;
});
afterEach(() => load[Symbol.dispose]());

const start = (...parameters: Parameters<LoadFolder['start']>): Started => load.start(...parameters);
const recording = (server: FakeServer, changes: Parameters<typeof specFor>[1] = {}): LoadSpec =>
  load.spec(server, changes);
const recorded = () => load.recorded();

/** Waits until the server holds the measured requests after their second event. */
async function startAndHold(
  fake: FakeServer,
  spec: LoadSpec,
  stdin: 'pipe' | 'ignore' = 'ignore',
): Promise<Started> {
  fake.hold(2);
  const started = start(spec, stdin);
  // Releases the probe and the warm-ups one by one, as they arrive.
  for (let i = 1; i <= requestsBefore(spec); i++) {
    await fake.when(({ requests }) => requests >= i);
    fake.release(1);
  }
  await fake.when(({ requests, inFlight }) => requests === requestsBefore(spec) + 4 && inFlight === 4);
  return started;
}

describe('the load process', () => {
  it('is built', () => {
    expect(existsSync(worker), 'run the build first').toBe(true);
  });

  it('writes records that can be read back, tells progress and exits with 0', async () => {
    await using fake = await startFakeServer();
    const spec = recording(fake);
    const { code, events } = await start(spec).ended;
    const run = recorded();
    expect(code).toBe(0);
    expect(run.spec).toEqual(spec);
    expect(run.complete).toBe(true);
    expect(run.requests.map(({ state }) => state)).toEqual(Array(12).fill('completed'));
    expect(run.client.peakInFlight).toBe(4);
    expect(run.client.cpuS).toBeGreaterThan(0);
    expect(events.at(-1)).toEqual({ type: 'end', complete: true });
    expect(events.at(-2)).toMatchObject({ type: 'progress', phase: 'measure', done: 12, total: 12 });
  });

  it('exits with 0 when requests failed', async () => {
    await using fake = await startFakeServer({ faults: ['status-500'], faultAt: (n) => n > 10 });
    const { code } = await start(recording(fake)).ended;
    expect(code).toBe(0);
    expect(recorded().requests.filter(({ state }) => state === 'failed')).toHaveLength(6);
  });

  it.each(['SIGTERM', 'SIGINT'] as const)('writes its footer and exits with 130 on %s', async (signal) => {
    await using fake = await startFakeServer();
    const { child, ended } = await startAndHold(fake, recording(fake, { numWarmups: 1 }));
    child.kill(signal);
    const { code, events } = await ended;
    expect(code).toBe(130);
    expect(events.at(-1)).toEqual({ type: 'end', complete: false });
    const run = recorded();
    expect(run.complete).toBe(false);
    expect(run.client.cpuS).toBeGreaterThan(0);
    expect(run.requests.map(({ state }) => state)).toEqual(Array(4).fill('cancelled'));
  });

  it('ends when its parent is gone', async () => {
    await using fake = await startFakeServer();
    const { child, ended } = await startAndHold(fake, recording(fake, { numWarmups: 1 }), 'pipe');
    child.stdin?.end();
    expect((await ended).code).toBe(130);
    expect(recorded().complete).toBe(false);
  });

  it('runs to its end with a pipe that stays open', async () => {
    await using fake = await startFakeServer();
    expect((await start(recording(fake), 'pipe').ended).code).toBe(0);
  });

  it('leaves records that can be read when it is killed', async () => {
    await using fake = await startFakeServer();
    const { child, ended } = await startAndHold(fake, recording(fake, { numWarmups: 1 }));
    fake.release(1);
    await fake.when(({ requests }) => requests === 2 + 5);
    child.kill('SIGKILL');
    await ended;
    const run = recorded();
    expect(run.complete).toBe(false);
    expect(run.client).not.toHaveProperty('cpuS');
  });

  it('sends nothing when records cannot be written there', async () => {
    await using fake = await startFakeServer();
    const spec = specFor(fake, { output: { recordsFile: join(folder, 'missing/records.jsonl') } });
    const { code, events } = await start(spec).ended;
    expect(code).toBe(5);
    expect(events).toEqual([
      expect.objectContaining({
        type: 'error',
        code: 'RESULT_WRITE_FAILED',
        hint: expect.any(String) as string,
      }),
    ]);
    expect(fake.stats.requests).toBe(0);
  });

  it.skipIf(!existsSync('/dev/full'))('ends the run when the disk is full', async () => {
    await using fake = await startFakeServer();
    const spec = specFor(fake, { numPrompts: 100_000, output: { recordsFile: '/dev/full' } });
    const { code, events } = await start(spec).ended;
    expect(code).toBe(5);
    expect(events.at(-1)).toMatchObject({
      type: 'error',
      code: 'RESULT_WRITE_FAILED',
      message: expect.stringContaining('ENOSPC') as string,
    });
    expect(fake.stats.requests).toBeLessThan(100_000);
  });

  it('names the keys of an invalid spec', async () => {
    const spec = { ...specFor({ url: 'http://127.0.0.1:1' }), numPrompts: 0, arrival: { pattern: 'burst' } };
    const { code, events } = await start({ ...spec, extra: 1 }).ended;
    expect(code).toBe(2);
    expect(events).toEqual([expect.objectContaining({ type: 'error', code: 'LOAD_SPEC_INVALID' })]);
    const message = JSON.stringify(events);
    for (const key of ['numPrompts', 'arrival.pattern', 'extra']) expect(message).toContain(key);
  });

  it('reports an endpoint that cannot be reached', async () => {
    const fake = await startFakeServer();
    await fake.close();
    const { code, events } = await start(recording(fake)).ended;
    expect(code).toBe(5);
    expect(events.at(-1)).toMatchObject({ type: 'error', code: 'ENDPOINT_UNREACHABLE' });
  });

  it('takes the token from the environment and never shows it', async () => {
    await using fake = await startFakeServer({ apiKey: 'top-secret' });
    const spec = recording(fake, { endpoint: { apiKeyEnv: 'FAKE_TOKEN' } });
    // Secrets exported from files end in a newline.
    const good = await start(spec, 'ignore', { FAKE_TOKEN: 'top-secret\n' }).ended;
    const bad = await start(spec, 'ignore', { FAKE_TOKEN: 'wrong-secret' }).ended;
    const none = await start(spec).ended;
    expect([good.code, bad.code, none.code]).toEqual([0, 1, 2]);
    expect(good.output + readFileSync(join(folder, 'records.jsonl'), 'utf8')).not.toContain('top-secret');
    expect(bad.output).not.toContain('wrong-secret');
    expect(none.output).toContain('FAKE_TOKEN');
  });
});
