import { describe, expect, it } from 'vitest';
import type { FrameworkPlugin, HardwarePlugin, Plugin, RecipePlugin } from '../../src/index.js';
import { FRAMEWORK_CHECKS } from '../../src/testing/framework-checks.js';
import { frameworkSubject } from '../../src/testing/framework-subject.js';
import { testFramework } from '../../src/testing/index.js';

/** Another package's framework: with data-parallel attention it runs nothing. */
const framework: FrameworkPlugin = {
  kind: 'framework',
  name: 'acme',
  apiVersion: 2,
  frameworks: ['acme'],
  rejects: ({ job }) => {
    if ('prefill' in job) return { reason: 'it runs on one node' };
    return job['dp-attn'] ? { reason: 'it has no dp-attn', nearest: { 'dp-attn': false } } : undefined;
  },
  plan: ({ job, recipe }) => ({
    kind: 'serve',
    roles: [
      {
        name: 'server',
        replicas: 1,
        runtime: { kind: 'host' },
        argv: ['serve', '--port', [{ ref: 'port', role: 'server' }]],
        env: { ...recipe?.env },
        files: {},
        ports: [{ name: 'http' }],
        place: { nodes: 1, ranksPerNode: 1, devicesPerRank: 'tp' in job ? job.tp : 1, wireUp: 'none' },
      },
    ],
    endpoint: { ref: 'port', role: 'server' },
    ready: [{ role: 'server', when: { http: '/health' }, timeoutS: 60 }],
    client: {
      api: 'completions',
      model: job.model,
      numPrompts: 10,
      numWarmups: 2,
      rangeRatio: 0.8,
      ignoreEos: true,
      chatTemplate: false,
      promptForm: 'auto',
    },
  }),
};

const hardware: HardwarePlugin = {
  kind: 'hardware',
  name: 'acme-x1',
  apiVersion: 2,
  skus: [{ name: 'acme-x1', vendor: 'acme', device: 'gpu', devicesPerNode: 8, sources: [] }],
};

const recipes: RecipePlugin = {
  kind: 'recipes',
  name: 'acme-tuned',
  apiVersion: 2,
  framework: 'acme',
  requires: ['hardware:acme-x1'],
  recipes: [
    {
      match: { model: 'm', sku: 'acme-x1' },
      source: 'its manual',
      env: { TUNED: '1' },
      // What it names says nothing of dp-attn, which the framework has something against, too.
      rejects: ({ tp }) => (tp < 4 ? { reason: 'it needs four devices', nearest: { tp: 4 } } : undefined),
    },
  ],
};

testFramework([recipes], { describe, it, beside: [framework, hardware] });

it('plans the jobs that the recipes are for, on the hardware of the other package', () => {
  const subject = frameworkSubject([recipes], { beside: [framework, hardware] });

  const planned = subject.jobs.map((job) => subject.plan(job)).filter(({ state }) => state === 'planned');

  expect(planned.some(({ runner }) => runner.hardware.plugin.name === 'acme-x1')).toBe(true);
});

it.each<[string, readonly Plugin[]]>([
  ['without a framework', [recipes, hardware]],
  [
    'with a framework that rejects everything',
    [recipes, hardware, { ...framework, rejects: () => ({ reason: 'no' }) }],
  ],
])('fails every check of plans where there is nothing to check (%s)', async (_, plugins) => {
  const subject = frameworkSubject(plugins, {});
  const failed: string[] = [];
  for (const check of FRAMEWORK_CHECKS) {
    try {
      await check.run(subject);
    } catch {
      failed.push(check.title);
    }
  }
  expect(failed).toEqual(
    expect.arrayContaining([
      expect.stringMatching(/plans consist of data only/),
      expect.stringMatching(/assigns no device twice/),
    ]),
  );
});
