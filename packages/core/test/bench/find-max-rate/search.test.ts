import { describe, expect, it } from 'vitest';
import type { Objective } from '../../../src/bench/find-max-rate/objectives.js';
import type { Range } from '../../../src/bench/find-max-rate/search.js';
import {
  exponential,
  fixed,
  longTailed,
  openLoop,
  searchModel,
  uniformOf,
  type ModelServer,
  type Search,
} from './model-server.js';

/** Requests of a probe, at most. */
const MOST = 6000;
/** Of runs whose bracket has to hold the knee. */
const RIGHT_SHARE = 0.95;

const range = (first: number): Range => ({ first, least: 0, most: Infinity, isWhole: false, precision: 0.1 });

function search(server: ModelServer, objective: Objective, first: number, seed: number): Search {
  const load = (rate: number, number: number) =>
    openLoop(server, rate, MOST, uniformOf(1000 * seed + number + 1));
  return searchModel(load, [objective], range(first));
}

/** Requests per second at which a server of exponential times keeps a TTFT limit. Source: Erlang's formula C (1917). */
function kneeOf({ slots, firstMs }: ModelServer, meanMs: number, { share, limits }: Objective): number {
  const waitMs = (limits.ttftMs ?? 0) - firstMs;
  const late = (rate: number): number => {
    const load = (rate * meanMs) / 1000;
    let blocking = 1;
    for (let k = 1; k <= slots; k++) blocking = (load * blocking) / (k + load * blocking);
    const waits = blocking / (1 - (load / slots) * (1 - blocking));
    return waits * Math.exp((-waitMs * (slots - load)) / meanMs);
  };
  return bisect((1000 * slots) / meanMs, (rate) => late(rate) <= 1 - share);
}

/** The same for any times, from one long run. */
function simulatedKnee(server: ModelServer, { share, limits }: Objective, capacity: number): number {
  return bisect(capacity, (rate) => {
    const served = openLoop(server, rate, 400_000, uniformOf(1));
    const kept = served.filter(({ dueMs, firstMs }) => firstMs - dueMs <= (limits.ttftMs ?? 0)).length;
    return kept / served.length >= share;
  });
}

function bisect(most: number, isLow: (value: number) => boolean): number {
  let [low, high] = [0, most];
  while (high - low > 0.002 * most) {
    const middle = (low + high) / 2;
    if (isLow(middle)) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

function summary(all: readonly Search[], knee: number) {
  const right = all.filter(({ bracket: { holds = Infinity, fails = 0 } }) => holds <= knee && knee <= fails);
  const widths = right
    .map(({ bracket: { holds = 1, fails = 1 } }) => fails / holds - 1)
    .sort((a, b) => a - b);
  const mean = (of: (one: Search) => number) => all.reduce((sum, one) => sum + of(one), 0) / all.length;
  return {
    right: right.length,
    undecided: all.filter(({ bracket: { holds, fails } }) => holds === undefined || fails === undefined)
      .length,
    width: widths[Math.floor(widths.length / 2)] ?? Infinity,
    probes: mean(({ probes }) => probes.length),
    requests: mean(({ requests }) => requests),
  };
}

interface Planted {
  readonly server: ModelServer;
  readonly objective: Objective;
  readonly knee: number;
}

function fourExponential(): Planted {
  const server = { slots: 4, firstMs: 20, serviceMs: exponential(100) };
  const objective = { share: 0.9, limits: { ttftMs: 150 } };
  return { server, objective, knee: kneeOf(server, 100, objective) };
}

function eightFixed(): Planted {
  const server = { slots: 8, firstMs: 10, serviceMs: fixed(40) };
  const objective = { share: 0.99, limits: { ttftMs: 60 } };
  return { server, objective, knee: simulatedKnee(server, objective, 200) };
}

function manyLong(): Planted {
  const server = { slots: 32, firstMs: 50, serviceMs: longTailed(400, 0.8) };
  const objective = { share: 0.95, limits: { ttftMs: 200 } };
  return { server, objective, knee: simulatedKnee(server, objective, 80) };
}

/** The first rate is given in knees. */
const CASES: readonly (readonly [string, () => Planted, number, number])[] = [
  ['four slots, exponential times, p90', fourExponential, 1, 60],
  ['eight slots, equal times, p99', eightFixed, 0.9, 20],
  ['32 slots, long-tailed times, p95', manyLong, 0.8, 40],
  ['a first rate that is far too high', eightFixed, 20, 10],
  ['a first rate that is far too low', fourExponential, 0.02, 20],
];

describe('a search for the highest rate on a model with a known knee', () => {
  it.each(CASES)('is right within its bracket in 95 % of runs: %s', (_name, plant, first, runs) => {
    const { server, objective, knee } = plant();
    const found = Array.from({ length: runs }, (_, seed) => search(server, objective, first * knee, seed));
    const told = summary(found, knee);
    expect(told.right, JSON.stringify(told)).toBeGreaterThanOrEqual(RIGHT_SHARE * runs);
    // A bracket of any width is right if it is wide enough.
    expect(told.width).toBeLessThan(1.2);
    expect(told.probes).toBeLessThan(22);
  });

  it('finds no rate for an objective that an idle server breaks', () => {
    const { server } = eightFixed();
    const objective = { share: 0.9, limits: { ttftMs: 9 } };
    const { how, bracket, probes } = search(server, objective, 100, 1);
    expect([how, bracket.holds]).toEqual(['none', undefined]);
    expect(probes.length).toBeLessThan(8);
  });

  it('finds that a server which is behind keeps nothing, however fast an answer is once it has begun', () => {
    const { server } = eightFixed();
    // Nothing but the time of the answer itself, which never changes.
    const load = (rate: number, number: number) => openLoop(server, rate, MOST, uniformOf(number + 1));
    const objective = { share: 0.9, limits: {} };
    const { bracket } = searchModel(load, [objective], range(150));
    expect(bracket.holds).toBeLessThan(220);
    expect(bracket.holds).toBeGreaterThan(130);
    expect(bracket.fails).toBeGreaterThan(200);
    expect(bracket.fails).toBeLessThan(280);
  });
});
