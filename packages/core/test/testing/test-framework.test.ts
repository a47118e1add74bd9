import { describe, expect, it } from 'vitest';
import type { FrameworkPlugin, Job, PlanContext, Plugin, RecipePlugin } from '../../src/index.js';
import { z, type Role, type ServePlan } from '../../src/index.js';
import { FRAMEWORK_CHECKS } from '../../src/testing/framework-checks.js';
import { frameworkSubject, type FrameworkSamples } from '../../src/testing/framework-subject.js';
import { testFramework } from '../../src/testing/index.js';

const options = z.strictObject({ threads: z.number().default(1) });
type Options = z.output<typeof options>;
type Framework = FrameworkPlugin<Options>;
type Context = Parameters<Framework['plan']>[0];

const port = { ref: 'port', role: 'server', name: 'http' } as const;

function server({ job, options: { threads }, recipe }: Context): Role {
  return {
    name: 'server',
    replicas: 1,
    runtime: { kind: 'container', image: job.image },
    argv: ['serve', '--threads', String(threads), '--port', [port]],
    env: { ...recipe?.env },
    files: {},
    ports: [{ name: 'http' }],
    place: { nodes: 1, ranksPerNode: 1, devicesPerRank: 'tp' in job ? job.tp : 1, wireUp: 'none' },
  };
}

function serve(context: Context, role: Partial<Role> = {}): ServePlan {
  return {
    kind: 'serve',
    roles: [{ ...server(context), ...role }],
    endpoint: port,
    ready: [{ role: 'server', when: { http: '/health' }, timeoutS: 60 }],
    client: {
      api: 'completions',
      model: context.job.model,
      numPrompts: 10,
      numWarmups: 2,
      rangeRatio: 0.8,
      ignoreEos: true,
      chatTemplate: false,
      promptForm: 'auto',
    },
  };
}

const sound: Framework = {
  kind: 'framework',
  name: 'acme',
  apiVersion: 2,
  frameworks: ['acme'],
  options,
  rejects: ({ job, sku }) => {
    if (sku.device === 'cpu')
      return { reason: 'it has no CPU kernels', nearest: { runner: 'unheard-of-gpu' } };
    return 'prefill' in job ? { reason: 'it runs on one node' } : undefined;
  },
  plan: serve,
};

/** As others call it. */
const engine: FrameworkPlugin = sound;

const recipes: RecipePlugin = {
  kind: 'recipes',
  name: 'acme-recipes',
  apiVersion: 2,
  framework: 'acme',
  recipes: [{ match: { model: 'm', sku: 'h100' }, source: 'its manual', env: { TUNED: '1' } }],
};

function codecFixture(name: string): string {
  return new URL(`../fixtures/codecs/${name}.js`, import.meta.url).href;
}

/** A plugin that plans with a fault. */
function planning(plan: Framework['plan']): readonly Plugin[] {
  return [{ ...sound, plan }];
}

/** What the checks have against plugins, by the check's title. */
async function complaints(
  plugins: readonly Plugin[],
  samples: FrameworkSamples = {},
): Promise<Record<string, string>> {
  const subject = frameworkSubject(plugins, samples);
  const found: Record<string, string> = {};
  for (const check of FRAMEWORK_CHECKS) {
    try {
      await check.run(subject);
    } catch (thrown) {
      found[check.title] = (thrown as Error).message;
    }
  }
  return found;
}

testFramework([{ ...sound, codec: codecFixture('whole') }, recipes], { describe, it });

const job = frameworkSubject([sound, recipes], {}).jobs.find((one) => one.runner === 'h100')!;
let calls = 0;

describe('the contract of frameworks', () => {
  it.each<[string, readonly Plugin[], RegExp, RegExp]>([
    [
      'counts its calls',
      planning((context) => serve(context, { env: { CALL: String(calls++) } })),
      /purely/,
      /two different plans/,
    ],
    [
      'writes the date into its plan',
      planning((context) => serve(context, { env: { DAY: new Date().toDateString() } })),
      /purely/,
      /two different plans/,
    ],
    [
      'draws a seed',
      planning((context) => serve(context, { env: { SEED: String(Math.random()) } })),
      /purely/,
      /two different plans/,
    ],
    [
      'changes the job',
      planning((context) => {
        (context.job as { image: string }).image = 'mine';
        return serve(context);
      }),
      /purely/,
      /read only/,
    ],
    [
      'puts a method into its plan',
      planning((context) => ({ ...serve(context), describe: () => 'a plan' })),
      /data only/,
      /plan\.describe/,
    ],
    [
      'hands on a secret of the process',
      planning((context) => serve(context, { env: { TOKEN: process.env['HF_TOKEN'] ?? '' } })),
      /secrets/,
      /acme.*the plan contains a secret: .*TOKEN/,
    ],
    [
      'hands on a secret of the environment that recipes see',
      planning((context) =>
        serve(context, { argv: ['serve', context.point?.env['HF_TOKEN'] ?? '', [port]] }),
      ),
      /secrets/,
      /the plan contains a secret/,
    ],
    [
      'gives two replicas the same devices by hand',
      planning((context) => serve(context, { replicas: 2, env: { CUDA_VISIBLE_DEVICES: '0' } })),
      /device/,
      /device 0 of node 0 goes to server 0 and to server 1/,
    ],
    [
      'takes more devices than a node has',
      planning((context) => serve(context, { place: { ...server(context).place, devicesPerRank: 9 } })),
      /device/,
      /device 8 of a node that has 8/,
    ],
    [
      'takes fewer devices than its job',
      planning((context) => serve(context, { place: { ...server(context).place, devicesPerRank: 1 } })),
      /device/,
      /uses 1 devices, but its job needs 2/,
    ],
    [
      'spreads a job on one node over two',
      planning((context) =>
        serve(context, { replicas: 2, place: { ...server(context).place, devicesPerRank: 8 } }),
      ),
      /device/,
      /one node gets several/,
    ],
    [
      'refers to a role it has not',
      planning((context) => serve(context, { env: { PEER: [{ ref: 'host', role: 'router' }] } })),
      /refers only to roles/,
      /a role that doesn't exist/,
    ],
    [
      'refers to a port it has not',
      planning((context) => serve(context, { env: { GRPC: [{ ...port, name: 'grpc' }] } })),
      /refers only to roles/,
      /a port that server doesn't have/,
    ],
    [
      'chooses its port',
      planning((context) => serve(context, { argv: ['serve', '--port', '8000', '--metrics', [port]] })),
      /ports/,
      /--port 8000, which is not one of its fixed ports/,
    ],
    [
      'tells nobody its port',
      planning((context) => serve(context, { argv: ['serve'] })),
      /ports/,
      /server doesn't get its port http/,
    ],
    ['takes any options', [{ ...sound, options: z.looseObject({}) }], /unknown options/, /accepts unknown/],
    ['drops unknown options', [{ ...sound, options: z.object({}) }], /unknown options/, /unknown options/],
    [
      'gives no reason',
      [
        {
          ...sound,
          rejects: (context: PlanContext) =>
            context.sku.device === 'cpu' ? { reason: ' ' } : engine.rejects?.(context),
        },
      ],
      /reason/,
      /rejected without a reason/,
    ],
    [
      'names a nearest job that it rejects',
      [
        {
          ...sound,
          rejects: (context: PlanContext) =>
            context.job.runner === 'h100' ? { reason: 'no', nearest: { tp: 2 } } : engine.rejects?.(context),
        },
        recipes,
      ],
      /reason/,
      /nearest to .*, but rejected: no/,
    ],
    [
      'plans nothing',
      [{ ...sound, rejects: () => ({ reason: 'never' }) }],
      /reason/,
      /none of the \d+ sample jobs/,
    ],
    [
      'has a recipe from nowhere',
      [sound, { ...recipes, recipes: [{ match: { model: 'm' }, source: '' }] }],
      /figures/,
      /\{"model":"m"\} has no source/,
    ],
    [
      'throws',
      planning(() => {
        throw new Error('a defect');
      }),
      /reason/,
      /a defect/,
    ],
    [
      'has a codec that is not there',
      [{ ...sound, codec: 'file:///absent/codec.js' }],
      /codecs/,
      /codec file:\/\/\/absent\/codec\.js can't be loaded/,
    ],
    [
      'plans with a codec that imports a package',
      planning((context) => {
        const plan = serve(context);
        return { ...plan, client: { ...plan.client, codec: codecFixture('package') } };
      }),
      /self-contained/,
      /package\.js imports vitest, @sweepline\/core$/,
    ],
  ])('is broken by a plugin that %s', async (_, plugins, title, message) => {
    const found = await complaints(plugins);

    expect(Object.keys(found)).toContainEqual(expect.stringMatching(title));
    expect(Object.entries(found).find(([broken]) => title.test(broken))?.[1]).toMatch(message);
  });

  it('is broken by a plugin that plans what must be refused', async () => {
    const refused: Job = { ...job };

    expect(await complaints([sound, recipes], { refused: [refused] })).toEqual({
      'rejects the jobs that must be rejected': expect.stringContaining('must be rejected') as unknown,
    });
  });

  it('takes jobs, SKUs and the plugins beside them from the caller', async () => {
    const building: Framework = {
      ...sound,
      name: 'on-acme',
      frameworks: ['on-acme'],
      requires: ['framework:acme'],
      plan: (context) => serve(context, { env: { BACKEND: context.framework('acme').plugin.name } }),
    };
    const skus = [{ name: 'own', vendor: 'own', device: 'gpu', devicesPerNode: 4, sources: [] }] as const;
    const samples = { skus, jobs: [{ ...job, framework: 'on-acme', runner: 'own' }], beside: [sound] };

    expect(await complaints([building], samples)).toEqual({});
    expect(frameworkSubject([building], samples).jobs).toHaveLength(1);
  });
});
