import { describe, expect, it } from 'vitest';
import { generateLoad } from '../../src/load/run/run-load.js';
import { startFakeServer } from '../../src/testing/index.js';
import { requestsBefore, specFor } from './specs.js';

describe('stopping a run', () => {
  it('cancels what is in flight, sends no more, and is not complete', async () => {
    await using fake = await startFakeServer();
    const stop = new AbortController();
    const spec = specFor(fake);
    const running = generateLoad(spec, { signal: stop.signal, onStart: () => fake.hold(2) });
    await fake.when(({ requests, inFlight }) => requests === requestsBefore(spec) + 4 && inFlight === 4);
    stop.abort();
    const run = await running;
    await fake.when(({ inFlight }) => inFlight === 0);
    expect(run.complete).toBe(false);
    expect(run.requests.map(({ state }) => state)).toEqual(Array(4).fill('cancelled'));
    expect(run.requests.every((r) => r.sentMs !== undefined && r.doneMs !== undefined)).toBe(true);
    expect(fake.stats).toMatchObject({ requests: requestsBefore(spec) + 4, cancelled: 4 });
  });

  it('keeps what had ended before', async () => {
    await using fake = await startFakeServer();
    const stop = new AbortController();
    const spec = specFor(fake, { arrival: { concurrency: 1 } });
    let ended = 0;
    const run = await generateLoad(spec, {
      signal: stop.signal,
      onRecord: () => {
        if (++ended === 5) stop.abort();
      },
    });
    expect(run.requests.map(({ state }) => state)).toEqual(Array(5).fill('completed'));
    expect(run.complete).toBe(false);
  });

  it('is complete when it is stopped after the last request', async () => {
    await using fake = await startFakeServer();
    const stop = new AbortController();
    let ended = 0;
    const run = await generateLoad(specFor(fake), {
      signal: stop.signal,
      onRecord: () => {
        if (++ended === 12) stop.abort();
      },
    });
    expect(run.complete).toBe(true);
  });

  it('can be stopped while it warms up', async () => {
    await using fake = await startFakeServer();
    fake.hold();
    const stop = new AbortController();
    const running = generateLoad(specFor(fake), { signal: stop.signal });
    await fake.when(({ inFlight }) => inFlight === 1);
    fake.release(1);
    await fake.when(({ inFlight }) => inFlight === 3);
    stop.abort();
    const run = await running;
    expect(run).toMatchObject({ complete: false, requests: [], warmups: { completed: 0, failed: 3 } });
  });

  it('can be stopped while it probes, and before it begins', async () => {
    await using fake = await startFakeServer();
    fake.hold();
    const stop = new AbortController();
    const running = generateLoad(specFor(fake), { signal: stop.signal });
    await fake.when(({ inFlight }) => inFlight === 1);
    stop.abort();
    expect(await running).toMatchObject({ complete: false, requests: [] });
    expect(await generateLoad(specFor(fake), { signal: stop.signal })).toMatchObject({ complete: false });
    expect(fake.stats.requests).toBe(1);
  });
});
