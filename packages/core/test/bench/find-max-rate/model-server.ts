import { Mt19937 } from '../../../src/load/prompts/mt19937.js';
import { hasLean, isPointless } from '../../../src/bench/find-max-rate/decide.js';
import { nextLook } from '../../../src/bench/find-max-rate/looks.js';
import type { Objective } from '../../../src/bench/find-max-rate/objectives.js';
import { triedOf, verdictWith, type Probe } from '../../../src/bench/find-max-rate/probes.js';
import type { Sample } from '../../../src/bench/find-max-rate/samples.js';
import { bracketOf, nextStep, type Bracket, type Range } from '../../../src/bench/find-max-rate/search.js';
import { seenIn, type Seen } from '../../../src/bench/find-max-rate/seen.js';

/** A server with slots, and a queue in front of them. */
export interface ModelServer {
  readonly slots: number;
  /** Time from a slot to the first token, ms. */
  readonly firstMs: number;
  /** Time that a request has a slot, ms; `uniform` is of (0, 1). */
  serviceMs(uniform: () => number): number;
}

export const exponential =
  (meanMs: number) =>
  (uniform: () => number): number =>
    -meanMs * Math.log(uniform());
export const fixed = (ms: number) => (): number => ms;
/** A few are much longer than the others. */
export const longTailed =
  (medianMs: number, sigma: number) =>
  (uniform: () => number): number =>
    medianMs * Math.exp(sigma * Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform()));

/** When requests were due, got their first token and ended, ms. */
interface Served {
  readonly dueMs: number;
  readonly firstMs: number;
  readonly endMs: number;
}

export function uniformOf(seed: number): () => number {
  const random = new Mt19937(seed);
  return () => (random.uint32() + 0.5) / 2 ** 32;
}

/** Requests of a Poisson process, served in their order. */
export function openLoop(server: ModelServer, rate: number, count: number, uniform: () => number): Served[] {
  const free = new Float64Array(server.slots);
  let dueMs = 0;
  return Array.from({ length: count }, () => {
    dueMs += (-1000 * Math.log(uniform())) / rate;
    let slot = 0;
    for (let i = 1; i < free.length; i++) if (free[i]! < free[slot]!) slot = i;
    const beginMs = Math.max(dueMs, free[slot]!);
    const endMs = beginMs + server.serviceMs(uniform);
    free[slot] = endMs;
    return { dueMs, firstMs: beginMs + server.firstMs, endMs };
  });
}

const sampleOf = ({ dueMs, firstMs, endMs }: Served, objectives: readonly Objective[]): Sample => ({
  dueMs,
  endMs,
  ratios: objectives.map(({ limits: { ttftMs = Infinity, e2elMs = Infinity } }) =>
    Math.max((firstMs - dueMs) / ttftMs, (endMs - dueMs) / e2elMs),
  ),
});

/** A load that is looked at while it goes on, as probes are, and ends when enough is known. */
export function probeModel(
  served: readonly Served[],
  objectives: readonly Objective[],
  { value, isThorough }: Pick<Probe, 'value' | 'isThorough'>,
  others: readonly Probe[],
): { readonly seen: Seen; readonly requests: number } {
  const samples = served.map((one) => sampleOf(one, objectives));
  const ends = samples.map(({ endMs }) => endMs).sort((a, b) => a - b);
  for (let look = nextLook(0); look < samples.length; look = nextLook(look)) {
    const nowMs = ends[look - 1] ?? 0;
    const unknown = samples.findIndex(({ endMs }) => endMs > nowMs);
    const seen = seenIn(unknown === -1 ? samples : samples.slice(0, unknown), objectives, true);
    const isDecided = verdictWith({ value, seen }, others, objectives) !== 'open';
    const part = look / samples.length;
    const isEnough = isThorough ? isPointless(seen, objectives, part) : hasLean(seen, objectives);
    if (isDecided || isEnough) return { seen, requests: look };
  }
  return { seen: seenIn(samples, objectives, true), requests: samples.length };
}

export interface Search {
  readonly bracket: Bracket;
  readonly how: 'bracket' | 'wide' | 'none' | 'beyond' | 'limit';
  readonly probes: readonly Probe[];
  readonly requests: number;
}

/** A whole search against a model. */
export function searchModel(
  load: (value: number, number: number) => readonly Served[],
  objectives: readonly Objective[],
  range: Range,
  mostProbes = 30,
): Search {
  const probes: Probe[] = [];
  let requests = 0;
  for (;;) {
    const tried = triedOf(probes, objectives);
    const step = nextStep(tried, range);
    const bracket = bracketOf(tried);
    if (step.kind === 'done') return { bracket, how: step.how, probes, requests };
    if (probes.length === mostProbes) return { bracket, how: 'limit', probes, requests };
    const found = probeModel(load(step.value, probes.length), objectives, step, probes);
    requests += found.requests;
    probes.push({ value: step.value, isThorough: step.isThorough, seen: found.seen });
  }
}
