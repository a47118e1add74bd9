import { createPlanner } from '../../src/plan/plan.js';
import { createRunnerResolver } from '../../src/plan/runners.js';
import { createRegistry } from '../../src/plugin/registry.js';
import { isSingleNode } from '../../src/matrix/job.js';
import type { FrameworkPlugin, HardwarePlugin, Job, Plugin, Recipe, ServePlan } from '../../src/index.js';

const hardware: HardwarePlugin = {
  kind: 'hardware',
  name: 'acme',
  apiVersion: 2,
  skus: [
    { name: 'x1', vendor: 'acme', device: 'gpu', devicesPerNode: 4, memoryGiB: 100, sources: [] },
    { name: 'x2', vendor: 'acme', device: 'npu', devicesPerNode: 4, sources: [] },
  ],
  visibleDevices: (devices) => ({ ACME_DEVICES: devices.join(',') }),
};

export const framework: FrameworkPlugin = {
  kind: 'framework',
  name: 'acme',
  apiVersion: 2,
  frameworks: ['acme'],
  rejects: ({ job, strict }) => {
    if (!strict && job['spec-decoding'] === 'mtp') return { reason: 'no speculation' };
    return job.image === 'none' ? { reason: strict ? 'nor had the original' : 'no image' } : undefined;
  },
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
        place: {
          nodes: 1,
          ranksPerNode: 1,
          devicesPerRank: isSingleNode(job) ? job.tp * (job.pp ?? 1) : 1,
          wireUp: 'none',
        },
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

export function planned(
  recipes: Readonly<Record<string, readonly Recipe[]>>,
  changes: Record<string, unknown> = {},
  strict = false,
  engine = framework,
) {
  const plugins: readonly { readonly plugin: Plugin; readonly package: string }[] = [
    { plugin: engine, package: '@acme/framework' },
    { plugin: hardware, package: '@acme/hardware' },
    ...Object.entries(recipes).map(([name, list]) => ({
      plugin: { kind: 'recipes', name, apiVersion: 2, framework: 'acme', recipes: list } as const,
      package: `@${name}/recipes`,
    })),
  ];
  const registry = createRegistry(plugins.map((loaded) => ({ ...loaded, version: '1.0.0' })));
  const planner = createPlanner(registry, createRunnerResolver({}, registry), {
    m: { weightsGiB: { fp8: 150, fp4: 500 }, kvBytesPerToken: 2 ** 20 },
  });
  return planner.plan({ job: job(changes), concurrency: 8 }, { strict, env: { KNOB: '7' } });
}

export function flagsOf(point: ReturnType<typeof planned>): unknown {
  if (point.state !== 'planned' || point.plan.kind !== 'serve') throw new Error('no plan');
  return JSON.parse(point.plan.roles[0]!.argv[1] as string);
}

export const source = 'a test';
