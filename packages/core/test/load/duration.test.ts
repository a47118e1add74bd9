import { describe, expect, it } from 'vitest';
import { decodeRunRecord } from '../../src/load/records/read-records.js';
import type { LoadProgress } from '../../src/load/records/progress.js';
import type { RunRecord } from '../../src/load/records/record.js';
import { encodeRunRecord } from '../../src/load/records/records.js';
import { generateLoad } from '../../src/load/run/run-load.js';
import { deliveredOf } from '../../src/metrics/delivered.js';
import { marksOf } from '../../src/metrics/marks.js';
import { startFakeServer } from '../../src/testing/index.js';
import { specFor } from './specs.js';

const codes = (run: RunRecord) => marksOf(run).map(({ code }) => code);

async function loadFor(durationS: number, changes: Parameters<typeof specFor>[1] = {}) {
  await using fake = await startFakeServer({ tokenMs: 2 });
  const progress: LoadProgress[] = [];
  const run = await generateLoad(specFor(fake, { durationS, numPrompts: 5000, ...changes }), {
    onProgress: (event) => progress.push(event),
  });
  return { run, progress, stats: { ...fake.stats } };
}

describe('a load for a time', () => {
  it('begins nothing when the time is over, and lets end what is in flight', async () => {
    const { run, stats } = await loadFor(0.3);

    expect(run.complete).toBe(true);
    expect(run.requests.length).toBeGreaterThan(4);
    expect(run.requests.length).toBeLessThan(5000);
    expect(new Set(run.requests.map(({ state }) => state))).toEqual(new Set(['completed']));
    for (const { scheduledMs } of run.requests)
      expect(scheduledMs - run.window.startMs).toBeLessThanOrEqual(300);
    expect(stats.cancelled).toBe(0);
    expect(deliveredOf(run)).toMatchObject({ offered: run.requests.length, failed: 0 });
    expect(codes(run)).not.toContain('incomplete');
    expect(codes(run)).not.toContain('prompts-ran-out');
  });

  it('tells how many requests there will be, as far as it goes', async () => {
    const { run, progress } = await loadFor(0.6);

    const measured = progress.filter(({ phase }) => phase === 'measure');
    expect(measured.at(-1)).toMatchObject({ done: run.requests.length, total: run.requests.length });
    for (const { total } of measured) expect(total).toBeLessThan(5000);
  });

  it('says so where the prompts do not last', async () => {
    const { run } = await loadFor(60, { numPrompts: 8 });

    expect(run.requests).toHaveLength(8);
    expect(run.complete).toBe(true);
    expect(codes(run)).toContain('prompts-ran-out');
  });

  it('keeps in its records how many requests there were', async () => {
    const { run } = await loadFor(0.2);
    const read = decodeRunRecord(encodeRunRecord(run));
    expect(read.complete).toBe(true);

    const fewer = decodeRunRecord(encodeRunRecord({ ...run, requests: run.requests.slice(1) }));
    expect(fewer.complete).toBe(false);
  });

  it('is none that is stopped before', async () => {
    await using fake = await startFakeServer({ tokenMs: 2 });
    const stop = new AbortController();
    const run = await generateLoad(specFor(fake, { durationS: 600, numPrompts: 5000 }), {
      signal: stop.signal,
      onRecord: () => stop.abort(),
    });
    expect(run.complete).toBe(false);
  });

  it('ends conversations between their turns', async () => {
    await using fake = await startFakeServer({ tokenMs: 2 });
    const run = await generateLoad(
      specFor(fake, {
        durationS: 0.2,
        numPrompts: 500,
        prompts: {
          ...{ kind: 'multi-turn', turns: { min: 50, max: 50 }, firstLen: 5, nextLen: 5, outputLen: 4 },
          ...{ rangeRatio: 1, seed: 0, think: { distribution: 'fixed', ms: 20 } },
        } as never,
      }),
    );
    expect(run.complete).toBe(true);
    expect(run.requests.length).toBeLessThan(500);
    expect(run.requests.every(({ state }) => state === 'completed')).toBe(true);
  });
});
