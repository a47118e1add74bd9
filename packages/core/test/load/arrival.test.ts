import { describe, expect, it } from 'vitest';
import { arrivalSchema, connectionsFor, runArrival, type Arrival } from '../../src/load/arrival/index.js';
import { gammaTimes } from '../../src/load/arrival/gamma.js';
import { rampTime } from '../../src/load/arrival/ramp.js';
import { rampUpTimes } from '../../src/load/arrival/ramp-up.js';
import { replayTime } from '../../src/load/arrival/replay.js';

interface Sent {
  readonly index: number;
  readonly slot: number;
  /** Since the start of the schedule. */
  readonly scheduledMs: number;
  readonly lateMs: number;
}

/** Sends over a simulated server that answers after `serviceMs`; returns what was sent and the most requests in flight. */
async function run(arrival: unknown, count: number, serviceMs: number, stopAfter = Infinity) {
  const sent: Sent[] = [];
  const busy = new Set<number>();
  let peak = 0;
  const stop = new AbortController();
  const now = () => performance.now();
  const startMs = now();
  let next = 0;
  await runArrival(arrivalSchema.parse(arrival), {
    count,
    startMs,
    signal: stop.signal,
    now,
    claim: () => (next < count && !stop.signal.aborted ? next++ : undefined),
    share: (slots) => slots,
    async send({ index, slot, scheduledMs }) {
      expect(busy.has(slot), 'a slot is used by one request at a time').toBe(false);
      busy.add(slot);
      peak = Math.max(peak, busy.size);
      sent.push({ index, slot, scheduledMs: scheduledMs - startMs, lateMs: now() - scheduledMs });
      if (sent.length === stopAfter) stop.abort();
      await new Promise((resolve) => setTimeout(resolve, serviceMs));
      busy.delete(slot);
      return now();
    },
  });
  return { sent, peak };
}

const indices = (sent: readonly Sent[]) => sent.map(({ index }) => index).sort((a, b) => a - b);
const first = (count: number) => Array.from({ length: count }, (_, index) => index);

describe('closed loop', () => {
  it('keeps as many in flight as asked for, never more, and sends each request once', async () => {
    const { sent, peak } = await run({ pattern: 'closed-loop', concurrency: 20 }, 100, 100);

    expect(peak).toBe(20);
    expect(indices(sent)).toEqual(first(100));
  });
});

describe('schedules', () => {
  it('are absolute: a request is due at its time whatever became of those before, and never sent early', async () => {
    const { sent } = await run({ pattern: 'constant', rate: 1000 }, 50, 30);

    const start = sent[0]!.scheduledMs;
    sent.forEach(({ scheduledMs, lateMs }, index) => {
      expect(scheduledMs - start).toBeCloseTo(index, 6);
      expect(lateMs).toBeGreaterThanOrEqual(0);
    });
    expect(indices(sent)).toEqual(first(50));
  });

  it('with a limit make requests wait that are due beyond it, and keep when they were due', async () => {
    const { sent, peak } = await run({ pattern: 'constant', rate: 10_000, concurrency: 3 }, 12, 5);

    expect(peak).toBe(3);
    expect(indices(sent)).toEqual(first(12));
    const start = sent[0]!.scheduledMs;
    for (const { index, scheduledMs } of sent) expect(scheduledMs - start).toBeCloseTo(index / 10, 6);
    expect(sent.at(-1)!.lateMs).toBeGreaterThan(5);
  });

  it.each<Arrival>([
    { pattern: 'poisson', rate: 2000, seed: 1 },
    { pattern: 'gamma', rate: 2000, burstiness: 0.5, seed: 1 },
    { pattern: 'ramp', from: 500, to: 5000, durationS: 0.01 },
    {
      ...{ pattern: 'ramp-up', strategy: 'linear', startRps: 1000, endRps: 4000 },
      ...{ requests: 30, burstiness: 1, seed: 1 },
    },
    { pattern: 'replay', timesMs: [0, 1, 1, 5], speed: 2 },
  ])('send each request once: $pattern', async (arrival) => {
    const { sent } = await run(arrival, 30, 1);

    expect(indices(sent)).toEqual(first(30));
  });

  it('send no more once the run is stopped', async () => {
    const { sent } = await run({ pattern: 'constant', rate: 100_000, concurrency: 2 }, 1000, 1, 5);

    expect(sent).toHaveLength(5);
  });

  it('open connections ahead, as many as they can use', () => {
    expect(connectionsFor({ pattern: 'closed-loop', concurrency: 8 }, 3)).toBe(3);
    expect(connectionsFor({ pattern: 'constant', rate: 1, concurrency: 100 }, 1000)).toBe(100);
    expect(connectionsFor({ pattern: 'constant', rate: 1 }, 1000)).toBe(64);
  });
});

describe('times', () => {
  it.each([0.5, 1, 4])('of gamma gaps have the mean and the spread of burstiness %d', (burstiness) => {
    const count = 20_000;
    const at = gammaTimes({ rate: 50, burstiness, seed: 7 }, count);
    const gaps = first(count - 1).map((index) => at(index + 1) - at(index));
    const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
    const variance = gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / gaps.length;

    expect(mean).toBeGreaterThan(19.4);
    expect(mean).toBeLessThan(20.6);
    // A gamma distribution's squared coefficient of variation is 1/shape.
    expect((variance / mean ** 2) * burstiness).toBeGreaterThan(0.9);
    expect((variance / mean ** 2) * burstiness).toBeLessThan(1.1);
    expect(gammaTimes({ rate: 50, burstiness, seed: 7 }, count)(99)).toBe(at(99));
    expect(gammaTimes({ rate: 50, burstiness, seed: 8 }, count)(99)).not.toBe(at(99));
  });

  it('of a ramp follow the line under which the requests lie', () => {
    const line = { from: 0, to: 10, durationS: 10 };
    expect(rampTime(line, 0)).toBe(0);
    expect(rampTime(line, 50)).toBeCloseTo(10_000, 6);
    expect(rampTime(line, 12.5)).toBeCloseTo(5000, 6);
    expect(rampTime(line, 60)).toBeCloseTo(11_000, 6);
    expect(rampTime({ from: 10, to: 10, durationS: 5 }, 20)).toBeCloseTo(2000, 6);
  });

  it.each([
    ['linear', [2, 4, 6, 8, 10, 10]],
    ['exponential', [2, 2 * 5 ** 0.25, 2 * 5 ** 0.5, 2 * 5 ** 0.75, 10, 10]],
  ] as const)('of a %s ramp-up have the gaps of the rate that each request has', (strategy, rates) => {
    const shape = { burstiness: 2, seed: 5 };
    const at = rampUpTimes(
      { pattern: 'ramp-up', strategy, startRps: 2, endRps: 10, requests: 5, ...shape },
      rates.length,
    );
    const plain = gammaTimes({ rate: 1, ...shape }, rates.length);
    for (let index = 1; index < rates.length; index++) {
      const gap = plain(index) - plain(index - 1);
      expect(at(index) - at(index - 1)).toBeCloseTo(gap / rates[index]!, 6);
    }
  });

  it('of a replay are the recorded ones, begun again where requests go on', () => {
    const recorded = { timesMs: [0, 10, 40], speed: 2 };
    expect(first(4).map((index) => replayTime(recorded, index))).toEqual([0, 5, 20, 30]);
  });
});
