import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadClusters, loadRunnerConfig } from '../../src/config/load.js';
import { readClusters } from '../../src/config/clusters.js';
import { parseYaml } from '../../src/config/yaml/parse.js';
import { formatError, SweeplineError } from '../../src/errors.js';
import { createRunnerResolver, findCluster } from '../../src/plan/runners.js';
import { createRegistry } from '../../src/plugin/registry.js';

const REPOSITORY = join(import.meta.dirname, '../../../..');

/** What is said about a clusters config. */
async function problems(text: string): Promise<readonly string[]> {
  return readClusters(await parseYaml(text, 'clusters.yaml')).problems.map(formatError);
}

describe('the clusters of this repository', () => {
  it('have every node of its runner config, and every label means the cluster of its first node', async () => {
    const clusters = await loadClusters(REPOSITORY);
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
    expect(await loadClusters(join(import.meta.dirname, 'nowhere'))).toEqual([]);
  });
});

describe('a clusters config', () => {
  it('needs to say little', async () => {
    const text = 'mine: { sku: h200, launcher: slurm }\n';
    const { clusters } = readClusters(await parseYaml(text, 'clusters.yaml'));

    expect(clusters).toMatchObject([
      {
        name: 'mine',
        sku: 'h200',
        runners: [],
        launcher: 'slurm',
        access: { import: 'always', port: 'fixed' },
      },
    ]);
  });

  it.each([
    [
      'a misspelt field',
      'mine:\n  sku: h200\n  launcher: slurm\n  partitoin: main\n',
      /unknown field "partitoin"; did you mean "partition"\? \(clusters\.yaml:4:3, key mine\.partitoin\)/,
    ],
    [
      'a field of the other launcher',
      'mine:\n  sku: h200\n  launcher: docker\n  partition: main\n',
      /unknown field "partition".*clusters\.yaml:4:3/s,
    ],
    [
      'an SKU that is no name',
      'mine:\n  sku: H 200\n  launcher: docker\n',
      /sku: expected a name in lower case, such as h200, got "H 200" \(clusters\.yaml:2:\d+, key mine\.sku\)/,
    ],
    ['no SKU', 'mine:\n  launcher: docker\n', /missing field "sku".*clusters\.yaml:1:1/],
    ['another launcher', 'mine:\n  sku: h200\n  launcher: ssh\n', /clusters\.yaml:[13]:\d+, key mine/],
    [
      'an unknown placeholder',
      "mine:\n  sku: h200\n  launcher: slurm\n  squash: '/raid/{imgae-name}.sqsh'\n",
      /squash: expected no placeholders but \{workspace\}.*clusters\.yaml:4:\d+/,
    ],
    [
      'a name that no node can start with',
      'my_own:\n  sku: h200\n  launcher: slurm\n',
      /expected a name in lower case without underscores.*clusters\.yaml:1:1/,
    ],
    [
      'a command as text',
      'mine:\n  sku: h200\n  launcher: slurm\n  before: [rm -rf /tmp/x]\n',
      /expected a list, got "rm -rf \/tmp\/x" \(clusters\.yaml:4:\d+/,
    ],
    [
      'a variable with its value',
      'mine:\n  sku: h200\n  launcher: docker\n  strict: { pass-env: [HF_TOKEN=hf_x] }\n',
      /expected the name of an environment variable.*clusters\.yaml:4:\d+/,
    ],
    ['a list', '- mine\n', /expected a map.*clusters\.yaml:1:1/],
  ])('with %s is refused with the place', async (_, text, message) => {
    expect((await problems(text)).join('\n')).toMatch(message);
  });

  it('names the place of an SKU that no plugin has', async () => {
    const text = 'mine:\n  sku: h201\n  launcher: docker\n';
    const { clusters } = readClusters(await parseYaml(text, 'clusters.yaml'));
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
