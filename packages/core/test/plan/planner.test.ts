import { describe, expect, it } from 'vitest';
import { createPlanner } from '../../src/plan/plan.js';
import { createRunnerResolver } from '../../src/plan/runners.js';
import { createRegistry } from '../../src/plugin/registry.js';
import type { FrameworkPlugin, HardwarePlugin, Job, Plugin, Recipe, ServePlan } from '../../src/index.js';
import { printPlan } from '../../src/plan/print.js';

const hardware: HardwarePlugin = {
  kind: 'hardware',
  name: 'acme',
  apiVersion: 1,
  skus: [
    { name: 'x1', vendor: 'acme', device: 'gpu', devicesPerNode: 4, memoryGiB: 100, sources: [] },
    { name: 'x2', vendor: 'acme', device: 'gpu', devicesPerNode: 4, sources: [] },
  ],
  visibleDevices: (devices) => ({ ACME_DEVICES: devices.join(',') }),
};

const framework: FrameworkPlugin = {
  kind: 'framework',
  name: 'acme',
  apiVersion: 1,
  frameworks: ['acme'],
  rejects: (job) => (job['spec-decoding'] === 'mtp' ? { reason: 'no speculation' } : undefined),
  refuses: ({ job, strict }) =>
    job.image === 'none' ? { reason: strict ? 'nor had the original' : 'no image' } : undefined,
  plan: ({ recipe, concurrency, job }): ServePlan => ({
    kind: 'serve',
    roles: [
      {
        name: 'server',
        replicas: 1,
        runtime: { kind: 'container', image: job.image },
        argv: ['serve', JSON.stringify(recipe?.flags ?? {})],
        env: recipe?.env ?? {},
        files: {},
        ports: [{ name: 'http' }],
        place: { nodes: 1, ranksPerNode: 1, devicesPerRank: 1, wireUp: 'none' },
      },
    ],
    endpoint: { ref: 'port', role: 'server', name: 'http' },
    ready: [],
    client: {
      api: 'completions',
      model: job.model,
      numPrompts: concurrency,
      numWarmups: 0,
      rangeRatio: 1,
      ignoreEos: true,
      chatTemplate: false,
      promptForm: 'auto',
    },
  }),
};

function job(changes: Record<string, unknown> = {}): Job {
  return {
    image: 'i',
    model: 'org/m',
    'model-prefix': 'm',
    precision: 'fp8',
    framework: 'acme',
    runner: 'x1',
    'spec-decoding': 'none',
    'exp-name': 'm_1k1k',
    isl: 1024,
    osl: 1024,
    'max-model-len': 2248,
    disagg: false,
    tp: 2,
    ep: 1,
    'dp-attn': false,
    conc: 8,
    ...changes,
  } as unknown as Job;
}

function planned(
  recipes: Readonly<Record<string, readonly Recipe[]>>,
  changes: Record<string, unknown> = {},
  strict = false,
  engine = framework,
) {
  const plugins: readonly { readonly plugin: Plugin; readonly package: string }[] = [
    { plugin: engine, package: '@acme/framework' },
    { plugin: hardware, package: '@acme/hardware' },
    ...Object.entries(recipes).map(([name, list]) => ({
      plugin: { kind: 'recipes', name, apiVersion: 1, framework: 'acme', recipes: list } as const,
      package: `@${name}/recipes`,
    })),
  ];
  const registry = createRegistry(plugins.map((loaded) => ({ ...loaded, version: '1.0.0' })));
  const planner = createPlanner(registry, createRunnerResolver({}, registry), {
    m: { weightsGiB: { fp8: 150, fp4: 500 }, kvBytesPerToken: 2 ** 20 },
  });
  return planner.plan({ job: job(changes), concurrency: 8 }, { strict, env: { KNOB: '7' } });
}

/** What is planned for servers of a framework that says how they are spoken to. */
function clientOf(said: Partial<FrameworkPlugin>, settings: Partial<ServePlan['client']> = {}): unknown {
  const plan: FrameworkPlugin['plan'] = (context) => {
    const made = framework.plan(context) as ServePlan;
    return { ...made, client: { ...made.client, ...settings } };
  };
  const point = planned({}, {}, false, { ...framework, ...said, plan });
  return point.state === 'planned' && point.plan.kind === 'serve' ? point.plan.client : undefined;
}

function flagsOf(point: ReturnType<typeof planned>): unknown {
  if (point.state !== 'planned' || point.plan.kind !== 'serve') throw new Error('no plan');
  return JSON.parse(point.plan.roles[0]!.argv[1] as string);
}

const source = 'a test';

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

describe('recipes', () => {
  it('are applied: values as they are, rules to the point, undefined left out', () => {
    const point = planned({
      one: [
        {
          match: { model: 'm' },
          source,
          flags: {
            fixed: 0.85,
            tensor: ({ tp }) => tp,
            interval: ({ concurrency }) => (concurrency >= 16 ? 30 : 10),
            knob: ({ env }) => env['KNOB'],
            none: ({ osl }) => (osl === 8192 ? 1 : undefined),
          },
        },
      ],
    });

    expect(flagsOf(point)).toEqual({ fixed: 0.85, tensor: 2, interval: 10, knob: '7' });
  });

  it('of other packages win where they are more specific', () => {
    const base = { match: { model: 'm' }, source, flags: { of: 'framework' } };
    const vendor = { match: { model: 'm', sku: ['x1', 'x9'] }, source, flags: { of: 'vendor' } };

    expect(flagsOf(planned({ base: [base], vendor: [vendor] }))).toEqual({ of: 'vendor' });
    expect(flagsOf(planned({ base: [base], vendor: [vendor] }, { runner: 'x2' }))).toEqual({
      of: 'framework',
    });
  });

  it('extend the less specific ones by name, take names of theirs away, and replace them where they say so', () => {
    const generic: Recipe = {
      match: {},
      source,
      generic: true,
      flags: { tensor: ({ tp }) => tp, caching: false, length: 10 },
      env: { KEPT: '1' },
    };
    const vendor: Recipe = {
      match: { sku: 'x1' },
      source,
      flags: { length: 20, caching: undefined, own: true },
      env: { OWN: '2' },
    };
    const both = (recipe: Recipe) => planned({ framework: [generic], vendor: [recipe] });

    expect(flagsOf(both(vendor))).toEqual({ tensor: 2, length: 20, own: true });
    expect(both(vendor)).toMatchObject({ plan: { roles: [{ env: { KEPT: '1', OWN: '2' } }] } });
    expect(flagsOf(both({ ...vendor, replaces: true }))).toEqual({ length: 20, own: true });
    // The original has no script for generic recipes; this one is somebody's.
    expect(planned({ framework: [generic], vendor: [vendor] }, {}, true)).toMatchObject({ state: 'planned' });
  });

  it('extend what is between them and one that replaces the rest', () => {
    const of = (match: Recipe['match'], flags: Recipe['flags'], replaces?: true): Recipe => ({
      ...{ match, source, flags: flags! },
      ...(replaces === undefined ? {} : { replaces }),
    });
    const recipes = {
      framework: [of({}, { a: 0, generic: true }), of({ model: 'm' }, { a: 1, b: 1 }, true)],
      vendor: [of({ model: 'm', sku: 'x1' }, { b: 2 })],
    };

    expect(flagsOf(planned(recipes))).toEqual({ a: 1, b: 2 });
  });

  it('that are equally specific are an error which names both packages', () => {
    const recipe = { match: { model: 'm' }, source };

    expect(() => planned({ one: [recipe], two: [{ match: { sku: 'x1' }, source }] })).toThrow(
      expect.objectContaining({
        code: 'RECIPES_AMBIGUOUS',
        message: expect.stringMatching(/@one\/recipes.*@two\/recipes/) as string,
      }),
    );
  });

  it('that are equally specific are an error below a third one that would extend both, and none below one that replaces them', () => {
    const vendor: Recipe = { match: { model: 'm', sku: 'x1' }, source, flags: { of: 'vendor' } };
    const rivals = { one: [{ match: { model: 'm' }, source }], two: [{ match: { sku: 'x1' }, source }] };

    expect(() => planned({ ...rivals, vendor: [vendor] })).toThrow(
      expect.objectContaining({ code: 'RECIPES_AMBIGUOUS' }),
    );
    expect(flagsOf(planned({ ...rivals, vendor: [{ ...vendor, replaces: true }] }))).toEqual({
      of: 'vendor',
    });
  });

  it('refuse what they can not do, and what there is none for is refused', () => {
    const rejects = (): { readonly reason: string } => ({ reason: 'TP=2 is not supported' });

    expect(planned({ one: [{ match: { model: 'm' }, source, rejects }] })).toMatchObject({
      state: 'rejected',
      rejection: { reason: 'TP=2 is not supported' },
    });
    expect(planned({ one: [{ match: { model: 'other' }, source }] })).toMatchObject({
      state: 'rejected',
      rejection: { reason: expect.stringContaining('no recipe for m in fp8') as string },
    });
    expect(planned({})).toMatchObject({ state: 'planned' });
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
      rejection: { reason: expect.stringContaining('has 4 devices') as string, nearest: { tp: 4 } },
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
