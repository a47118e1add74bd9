import { describe, expect, it } from 'vitest';
import type { FrameworkPlugin, Recipe, ServePlan } from '../../src/index.js';
import { printPlan } from '../../src/plan/print.js';
import { framework, planned, source } from './planning.js';

/** The planned client for servers of a framework that says how to reach them. */
function clientOf(said: Partial<FrameworkPlugin>, settings: Partial<ServePlan['client']> = {}): unknown {
  const plan: FrameworkPlugin['plan'] = (context) => {
    const made = framework.plan(context) as ServePlan;
    return { ...made, client: { ...made.client, ...settings } };
  };
  const point = planned({}, {}, false, { ...framework, ...said, plan });
  return point.state === 'planned' && point.plan.kind === 'serve' ? point.plan.client : undefined;
}

it("gives plans what the framework says of its servers' API and metrics, unless they say it themselves", () => {
  const codec = 'file:///acme/codec.js';
  const serverMetrics = { path: '/stats', names: { running: ['acme_running'] } };

  expect(clientOf({})).not.toHaveProperty('codec');
  expect(clientOf({ codec, serverMetrics })).toMatchObject({ api: 'completions', codec, serverMetrics });
  expect(clientOf({ codec, serverMetrics }, { codec: 'file:///acme/other.js' })).toMatchObject({
    codec: 'file:///acme/other.js',
    serverMetrics,
  });
});

describe('what a config claims', () => {
  const stingy = (devices: number, uses?: number): FrameworkPlugin => ({
    ...framework,
    ...(uses === undefined ? {} : { devices: () => uses }),
    plan: (context) => {
      const made = framework.plan(context) as ServePlan;
      const [server] = made.roles;
      return { ...made, roles: [{ ...server!, place: { ...server!.place, devicesPerRank: devices } }] };
    },
  });
  const reasonFor = (engine: FrameworkPlugin, changes: Record<string, unknown> = {}, strict = false) => {
    const point = planned({}, changes, strict, engine);
    return point.state === 'rejected' ? point.rejection.reason : undefined;
  };

  it('of devices is refused where the plan lays out another number, or its command line uses another', () => {
    expect(reasonFor(stingy(2, 2))).toBeUndefined();
    expect(reasonFor(stingy(1))).toMatch(/lays out 1 devices, but the job's parallelism takes 2/);
    expect(reasonFor(stingy(4))).toMatch(/lays out 4 devices/);
    // For every kind of accelerator.
    expect(reasonFor(stingy(1), { runner: 'x2' })).toMatch(/lays out 1 devices/);
    expect(reasonFor(stingy(2, 1))).toMatch(/makes acme use 1 devices, but 2 are laid out/);
    // Strict plans may be as wrong as the original's.
    expect(reasonFor(stingy(2, 1), {}, true)).toBeUndefined();
  });

  it('of a precision is refused where the framework serves none of that name, unless a recipe is for it', () => {
    const engine = { ...stingy(2), precisions: ['fp8', 'bf16'] };
    const own: Recipe = { match: { precision: 'fp3' }, source };

    expect(reasonFor(engine)).toBeUndefined();
    expect(reasonFor(engine, { precision: 'bananas' })).toMatch(/serve precision bananas, only fp8, bf16/);
    expect(reasonFor(stingy(2), { precision: 'bananas' })).toBeUndefined();
    expect(planned({ one: [own] }, { precision: 'fp3' }, false, engine)).toMatchObject({ state: 'planned' });
  });
});

describe('strict plans', () => {
  const generic = { match: {}, source, generic: true } as const;

  it('know no generic recipes: the original has a script or none', () => {
    expect(planned({ one: [generic] })).toMatchObject({ state: 'planned' });
    expect(planned({ one: [generic] }, {}, true)).toMatchObject({
      state: 'rejected',
      rejection: { reason: expect.stringContaining('no script') as string },
    });
  });

  it('refuse nothing that the original does not: neither by the framework nor for memory', () => {
    const recipes = { one: [{ match: { model: 'm' }, source }] };

    expect(planned(recipes, { 'spec-decoding': 'mtp' })).toMatchObject({ state: 'rejected' });
    expect(planned(recipes, { 'spec-decoding': 'mtp' }, true)).toMatchObject({ state: 'planned' });
    expect(planned(recipes, { tp: 16 }, true)).toMatchObject({ state: 'planned' });
  });

  it('refuse what the framework can plan in no mode', () => {
    const reasons = [false, true].map((strict) => planned({}, { image: 'none' }, strict));

    expect(reasons).toMatchObject([
      { rejection: { reason: 'no image' } },
      { rejection: { reason: 'nor had the original' } },
    ]);
  });
});

describe('capacity', () => {
  it('rejects more ranks than a node has devices, with the nearest choice', () => {
    expect(planned({}, { tp: 8 })).toMatchObject({
      state: 'rejected',
      rejection: { reason: expect.stringContaining('has only 4 devices') as string, nearest: { tp: 4 } },
    });
  });

  it('rejects weights that do not fit', () => {
    expect(planned({}, { tp: 1 })).toMatchObject({
      state: 'rejected',
      rejection: { reason: expect.stringContaining('take 150 GiB') as string, nearest: { tp: 2 } },
    });
    expect(planned({}, { precision: 'fp4', tp: 4 })).toMatchObject({ state: 'rejected' });
    expect(planned({}, { precision: 'fp4', tp: 4, runner: 'x2' })).toMatchObject({ state: 'planned' });
  });

  it('only warns of a KV cache that can not hold all requests at full length', () => {
    expect(planned({}, { conc: 8 }).warnings).toEqual([]);
    const crowded = planned({}, { conc: 64 });
    expect(crowded.state).toBe('planned');
    expect(crowded.warnings).toEqual([expect.stringMatching(/141 GiB of KV cache.*at most 50 GiB/)]);
    expect(printPlan(crowded, 8888)).toMatchObject({ warnings: crowded.warnings });
  });
});
