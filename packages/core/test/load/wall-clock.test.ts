import { afterEach, expect, it, vi } from 'vitest';
import { watchMachine } from '../../src/load/health/machine/machine.js';
import { generateLoad } from '../../src/load/run/run-load.js';
import { marksOf } from '../../src/metrics/marks.js';
import { startFakeServer } from '../../src/testing/index.js';
import { requestsBefore, specFor } from './specs.js';

const HOUR_MS = 3_600_000;

afterEach(() => void vi.useRealTimers());

it.each([
  ['back by an hour', -HOUR_MS],
  ['on by a day', 24 * HOUR_MS],
  ['back by a day', -24 * HOUR_MS],
])('a wall clock that is set %s in mid-run changes no time, and is a mark', async (_, shiftMs) => {
  await using fake = await startFakeServer();
  const spec = specFor(fake);
  fake.hold(2);
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() });
  const begun = performance.now();
  const running = generateLoad(spec, { watchMachine: (clock) => watchMachine(fake.url, clock) });
  for (let i = 1; i <= requestsBefore(spec); i++) {
    await fake.when(({ requests }) => requests >= i);
    fake.release(1);
  }
  await fake.when(({ inFlight }) => inFlight === 4);

  vi.setSystemTime(Date.now() + shiftMs);
  fake.release();

  const run = await running;
  const tookMs = performance.now() - begun;
  expect(run.complete).toBe(true);
  expect(run.window.endMs - run.window.startMs).toBeLessThan(tookMs);
  for (const { sentMs = NaN, chunkMs, doneMs = NaN } of run.requests) {
    const times = [sentMs, ...Array.from(chunkMs), doneMs];
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(doneMs - sentMs).toBeLessThan(tookMs);
  }
  expect(marksOf(run).map(({ code }) => code)).toContain('clock-shift');
});
