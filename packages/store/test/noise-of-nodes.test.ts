import { expect, it } from 'vitest';
import { learnNoise, type Repeat } from '../src/compare/noise-model.js';

/** Park and Miller's generator: the same values each time, in (0, 1). */
function generator(seed: number): () => number {
  let state = seed * 7919 + 13;
  return () => (state = (state * 48271) % 2147483647) / 2147483647;
}

/** Standard deviations, as ln: of a run on its node, and of nodes. */
interface Spread {
  readonly run: number;
  readonly node: number;
}

/** Repeats of points on three nodes, each of which has an effect of its own on each point. */
function simulated(cell: string, { run, node }: Spread, { points = 30, runs = 8, seed = 1 } = {}): Repeat[] {
  const random = generator(seed);
  const normal = () => Math.sqrt(-2 * Math.log(random())) * Math.cos(2 * Math.PI * random());
  return Array.from({ length: points }).flatMap(() => {
    const nodes = Array.from({ length: 3 }, () => node * normal());
    const measured = Array.from({ length: runs }, () => {
      const on = Math.floor(3 * random());
      return { on, value: nodes[on]! + run * normal() };
    });
    return measured.slice(1).map((b, index) => {
      const a = measured[index]!;
      return { cell, difference: b.value - a.value, isSameNode: a.on === b.on };
    });
  });
}

const FLEET = { run: 0.005, node: 0.02 };
const EQUAL = { run: 0.01, node: 0 };
const SAME = { runs: [1, 1], isSameNode: true } as const;
const OTHER = { runs: [1, 1] } as const;

/** Shares of repeats that the 95 % intervals hold. */
function held(learnt: readonly Repeat[], fresh: readonly Repeat[]) {
  const model = learnNoise(learnt)!;
  const share = (isSameNode: boolean): number => {
    const half = model.noiseOf('fleet', { ...OTHER, isSameNode }).quantile(0.975);
    const some = fresh.filter((one) => one.isSameNode === isSameNode);
    return some.filter(({ difference }) => Math.abs(difference) <= half).length / some.length;
  };
  return { same: share(true), other: share(false) };
}

it.each([
  ['differ much', FLEET],
  ['differ', { run: 0.01, node: 0.008 }],
  ['are equal', EQUAL],
])('intervals on the same node and on two hold 95 of 100 repeats where nodes %s', (_, spread) => {
  const all = [1, 2, 3, 4, 5, 6].map((seed) =>
    held(simulated('fleet', spread, { seed }), simulated('fleet', spread, { points: 200, seed: seed + 100 })),
  );

  for (const key of ['same', 'other'] as const) {
    const share = all.reduce((sum, one) => sum + one[key], 0) / all.length;
    expect(share).toBeGreaterThan(0.92);
    expect(share).toBeLessThan(0.985);
  }
});

it('where nodes differ, less is noise on the same node; where they do not, all is', () => {
  const differ = learnNoise(simulated('fleet', FLEET))!;
  const equal = learnNoise(simulated('fleet', EQUAL))!;
  const widths = (model: typeof differ) =>
    [SAME, OTHER].map((sides) => model.noiseOf('fleet', sides).quantile(0.975)) as [number, number];

  const [same, other] = widths(differ);
  // √(0.005² + 0.02²) / 0.005 is 4.1.
  expect(other / same).toBeGreaterThan(3);
  expect(other / same).toBeLessThan(5.5);
  expect(differ.nodes!.share).toBeGreaterThan(0.85);
  expect(equal.nodes).toMatchObject({ share: 0 });
  expect(widths(equal)[0]).toBe(widths(equal)[1]);
});

it('further runs on the same two nodes narrow only what is not of the nodes', () => {
  const model = learnNoise(simulated('fleet', FLEET))!;
  const of = (nodes: readonly [number, number], isSameNode = false) =>
    model.noiseOf('fleet', { runs: [9, 9], nodes, isSameNode }).quantile(0.975);
  const once = model.noiseOf('fleet', OTHER).quantile(0.975);

  expect(of([1, 1]) / once).toBeGreaterThan(0.9);
  expect(of([9, 9]) / once).toBeLessThan(0.6);
  expect(of([1, 1], true)).toBeLessThan(of([9, 9]));
});

it('hardware with few repeats on a node has about what is usual', () => {
  const fleets = [1, 2, 3].flatMap((seed) => simulated(`fleet ${seed}`, FLEET, { seed }));
  const model = learnNoise([...fleets, ...simulated('few', FLEET, { points: 1, runs: 4, seed: 9 })])!;
  const ratio = (cell: string) =>
    model.noiseOf(cell, OTHER).quantile(0.975) / model.noiseOf(cell, SAME).quantile(0.975);

  expect(ratio('few')).toBeGreaterThan(1.5);
  expect(ratio('nothing known')).toBeGreaterThan(1.5);
});

it('is finite where runs on the same node differ far more than nodes do, which no node effect explains', () => {
  const model = learnNoise([
    ...simulated('fleet', { run: 0.2, node: 0 }).map((one) => ({ ...one, isSameNode: true })),
    ...simulated('fleet', { run: 0.0005, node: 0 }).map((one) => ({ ...one, isSameNode: false })),
    ...simulated('fleet', { run: 0.2, node: 0 }).map((one) => ({ ...one, isSameNode: true })),
    ...simulated('fleet', { run: 0.0005, node: 0 }).map((one) => ({ ...one, isSameNode: false })),
  ])!;

  expect(model.nodes!.share).toBe(0);
  expect(model.noiseOf('fleet', SAME).quantile(0.975)).toBeGreaterThan(0.0005);
});

it('one outlier between nodes makes no node effect', () => {
  const model = learnNoise([
    ...simulated('fleet', EQUAL),
    { cell: 'fleet', difference: 1, isSameNode: false },
  ])!;

  expect(model.nodes!.share).toBe(0);
});

it.each([
  ['are not on record', () => ({})],
  ['are all the same', () => ({ isSameNode: true })],
  ['are never the same', () => ({ isSameNode: false })],
])('where nodes %s, noise is that of all repeats', (_, nodes) => {
  const all = simulated('fleet', FLEET).map(({ cell, difference }) => ({ cell, difference }));
  const model = learnNoise(all.map((repeat) => ({ ...repeat, ...nodes() })))!;
  const plain = learnNoise(all)!;

  expect(model.nodes).toBeUndefined();
  for (const sides of [SAME, OTHER])
    expect(model.noiseOf('fleet', sides).quantile(0.975)).toBe(plain.noiseOf('fleet').quantile(0.975));
});
