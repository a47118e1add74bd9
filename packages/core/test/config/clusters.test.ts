import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { readClusters } from '../../src/config/clusters.js';
import { loadClusters, loadRunnerConfig } from '../../src/config/load.js';
import { parseYaml } from '../../src/config/yaml/parse.js';
import { formatError, SweeplineError } from '../../src/errors.js';
import { createRunnerResolver, findCluster } from '../../src/plan/runners.js';
import { resolveClusters } from '../../src/plan/resolve-clusters.js';
import { createRegistry } from '../../src/plugin/registry.js';
import { containerFields, optionField, strictFields, type NodeLauncher } from '../../src/index.js';

const REPOSITORY = join(import.meta.dirname, '../../../..');

const launcher = (name: string, options?: z.ZodType): NodeLauncher => ({
  ...{ kind: 'launcher', name, apiVersion: 2, acquire: () => Promise.reject(new Error('none')) },
  ...(options === undefined ? {} : { options }),
});
const passEnv = { 'pass-env': z.array(optionField.variable) };
const LAUNCHERS = [
  launcher('batch', z.strictObject({ ...containerFields, partition: optionField.text.default('main') })),
  launcher('boxes', z.strictObject({ strict: z.strictObject({ ...strictFields, ...passEnv }).optional() })),
  launcher('plain'),
];
const REGISTRY = createRegistry(LAUNCHERS.map((plugin) => ({ plugin, package: plugin.name, version: '1' })));

async function resolved(text: string) {
  return resolveClusters(readClusters(await parseYaml(text, 'clusters.yaml')), REGISTRY);
}

/** The problems found in a clusters config. */
async function problems(text: string): Promise<readonly string[]> {
  return (await resolved(text)).problems.map(formatError);
}

describe('the clusters of this repository', () => {
  it('have every node of its runner config, and every label means the cluster of its first node', async () => {
    const { written } = await loadClusters(REPOSITORY);
    const clusters = written.flatMap(({ name, fields, options }) =>
      fields === undefined ? [] : [{ ...fields, name, options }],
    );
    const { labels } = await loadRunnerConfig(join(REPOSITORY, 'configs/runners.yaml'));

    expect(clusters).toHaveLength(19);
    for (const [label, nodes] of Object.entries(labels)) {
      const homes = nodes.map((node) => findCluster(node, clusters));
      for (const [index, home] of homes.entries()) expect(home?.runners, nodes[index]).toContain(label);
      expect(findCluster(label, clusters)?.name, label).toBe(homes[0]?.name);
    }
    expect(findCluster('h200-multinode-slurm', clusters)?.name).toBe('h200-dgxc-slurm');
  });

  it('are none where a workspace has no such file', async () => {
    expect(await loadClusters(join(import.meta.dirname, 'nowhere'))).toEqual({
      written: [],
      problems: [],
    });
  });
});

describe('a clusters config', () => {
  it('needs to say little', async () => {
    expect((await resolved('mine: { sku: h200, launcher: batch }\n')).clusters).toMatchObject([
      {
        name: 'mine',
        sku: 'h200',
        runners: [],
        launcher: 'batch',
        port: 'fixed',
        options: { partition: 'main', 'hf-cache-inside': '/mnt/hf_hub_cache/', before: [] },
      },
    ]);
    const { clusters } = await resolved('mine: { sku: h200, launcher: plain, settings: { a: 1 } }\n');
    expect(clusters.map(({ at: _, ...cluster }) => cluster)).toEqual([
      {
        ...{ name: 'mine', sku: 'h200', runners: [], launcher: 'plain', port: 'fixed' },
        settings: { a: 1 },
        options: {},
      },
    ]);
    const batch = await resolved('mine: { sku: h200, launcher: batch, partition: p }\n');
    expect(batch.clusters[0]).not.toHaveProperty('partition');
  });

  it.each([
    [
      'a misspelt field',
      'mine:\n  sku: h200\n  launcher: batch\n  partitoin: main\n',
      /^CONFIG_INVALID: unknown field "partitoin"; did you mean "partition"\? \(clusters\.yaml:4:3, key mine\.partitoin\)/,
    ],
    [
      'a misspelt field of all clusters',
      'mine:\n  sku: h200\n  launcher: batch\n  runers: [h200]\n',
      /unknown field "runers"; did you mean "runners"\? \(clusters\.yaml:4:3, key mine\.runers\)/,
    ],
    [
      'a fabric that does not say whether RDMA is meant, with a field that there is not',
      'mine:\n  sku: h200\n  launcher: plain\n  fabric:\n    interface: [eth0]\n',
      /missing field "rdma".*unknown field "interface"; did you mean "interfaces"\? \(clusters\.yaml:5:5/s,
    ],
    [
      'RDMA devices of a fabric without RDMA',
      'mine:\n  sku: h200\n  launcher: plain\n  fabric: { rdma: false, devices: [mlx5_0] }\n',
      /expected no RDMA devices, as rdma is false \(clusters\.yaml:4:/,
    ],
    [
      'an interface that would be read as several',
      'mine:\n  sku: h200\n  launcher: plain\n  fabric: { rdma: false, interfaces: ["eth0,eth1"] }\n',
      /expected the name of an interface, such as eth0.*clusters\.yaml:4:/,
    ],
    [
      'a misspelt launcher field',
      'mine:\n  sku: h200\n  luncher: batch\n  partition: main\n',
      /^CONFIG_INVALID: missing field "launcher".*clusters\.yaml:1:1.*\nCONFIG_INVALID: unknown field "luncher"; did you mean "launcher"\? \(clusters\.yaml:3:3[^\n]*$/s,
    ],
    [
      'a field of another launcher',
      'mine:\n  sku: h200\n  launcher: boxes\n  partition: main\n',
      /unknown field "partition".*clusters\.yaml:4:3/s,
    ],
    [
      'a field where the launcher has none',
      'mine:\n  sku: h200\n  launcher: plain\n  partition: main\n',
      /unknown field "partition".*clusters\.yaml:4:3/s,
    ],
    [
      'an SKU that is no name',
      'mine:\n  sku: H 200\n  launcher: boxes\n',
      /sku: expected a name in lower case, such as h200, got "H 200" \(clusters\.yaml:2:\d+, key mine\.sku\)/,
    ],
    ['no SKU', 'mine:\n  launcher: boxes\n', /missing field "sku".*clusters\.yaml:1:1/],
    [
      'a launcher that is not installed',
      'mine:\n  sku: h200\n  launcher: ssh\n',
      /^LAUNCHER_UNKNOWN: .*launcher ssh; known: batch, boxes, plain \(clusters\.yaml:3:3, key mine\.launcher\)/,
    ],
    [
      'a misspelt launcher',
      'mine:\n  sku: h200\n  launcher: bacth\n',
      /^LAUNCHER_UNKNOWN: .*launcher bacth; did you mean "batch"\?.*clusters\.yaml:3:3/,
    ],
    [
      'an unknown placeholder',
      "mine:\n  sku: h200\n  launcher: batch\n  hf-cache: '/raid/{imgae-name}'\n",
      /hf-cache: expected no placeholders but \{workspace\}.*clusters\.yaml:4:\d+/,
    ],
    [
      'a name that no node can start with',
      'my_own:\n  sku: h200\n  launcher: batch\n',
      /expected a name in lower case without underscores.*clusters\.yaml:1:1/,
    ],
    [
      'a command as text',
      'mine:\n  sku: h200\n  launcher: batch\n  before: [rm -rf /tmp/x]\n',
      /expected a list, got "rm -rf \/tmp\/x" \(clusters\.yaml:4:\d+/,
    ],
    [
      'a variable with its value',
      'mine:\n  sku: h200\n  launcher: boxes\n  strict: { pass-env: [HF_TOKEN=hf_x] }\n',
      /expected the name of an environment variable.*clusters\.yaml:4:\d+/,
    ],
    ['a list', '- mine\n', /expected a map.*clusters\.yaml:1:1/],
  ])('with %s is refused with the place', async (_, text, message) => {
    expect((await problems(text)).join('\n')).toMatch(message);
  });

  it('has all its problems found at once, those of launchers too, in the order of lines', async () => {
    const text =
      'one:\n  launcher: batch\n  partition: 7\n  sku: H\n' +
      'two:\n  sku: h200\n  launcher: nowhere\nthree: 3\nfour:\n  sku: h200\n  launcher: plain\n  x: 1\n';
    expect((await problems(text)).map((problem) => /clusters\.yaml:(\d+)/.exec(problem)?.[1])).toEqual([
      '3',
      '4',
      '7',
      '8',
      '12',
    ]);
  });

  it('is not without those clusters that have no problem', async () => {
    const text = 'one:\n  sku: h200\n  launcher: nowhere\ntwo:\n  sku: h200\n  launcher: plain\n';
    expect((await resolved(text)).clusters).toMatchObject([{ name: 'two' }]);
  });

  it('names the place of an SKU that no plugin has', async () => {
    const { clusters } = await resolved('mine:\n  sku: h201\n  launcher: plain\n');
    const resolve = createRunnerResolver({}, createRegistry([]), clusters);

    let thrown: unknown;
    try {
      resolve('mine_0');
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(SweeplineError);
    expect(formatError(thrown as SweeplineError)).toMatch(
      /^SKU_UNKNOWN: .* \(clusters\.yaml:2:3, key mine\.sku\)/,
    );
  });
});
