import { describe, expect, it } from 'vitest';
import { runCli } from '../run-cli.js';
import { acmeEntry, makeWorkspace, SWEEPLINE_YAML } from '../workspace.js';

const CORE = new URL('../../dist/index.js', import.meta.url).href;

/** A launcher as a separate package would contain it. */
const LAUNCHER = `import { z } from '${CORE}';
  export default [{
    kind: 'launcher',
    name: 'batch',
    apiVersion: 2,
    options: z.strictObject({ partition: z.string().optional() }),
    commands: ({ options, port, node }) => [
      { argv: ['reserve', node, options.partition ?? 'any'], env: {}, prints: 'job-id' },
      { argv: ['run', '{job-id}', String(port)], env: {} },
      { argv: ['release', '{job-id}'], env: {}, always: true },
    ],
    acquire: () => Promise.reject(new Error('no nodes')),
  }];`;

const makeClusters = (clusters: string, files: Readonly<Record<string, string>> = {}) =>
  makeWorkspace({
    'configs/sweepline.yaml': SWEEPLINE_YAML.replace(']', ", '../launcher.js']"),
    'launcher.js': LAUNCHER,
    'package.json': '{ "type": "module" }',
    'configs/acme.yaml': acmeEntry('one').replace('runner: acme-x1', 'runner: mine'),
    'configs/clusters.yaml': clusters,
    ...files,
  });

const WRONG =
  'mine:\n  sku: acme-x1\n  runners: [mine]\n  launcher: batch\n  partitoin: main\n' +
  'other:\n  sku: acme-x1\n  launcher: bacth\n';
const PROBLEMS = [
  /CONFIG_INVALID: unknown field "partitoin"; did you mean "partition"\?/,
  /LAUNCHER_UNKNOWN: no installed plugin serves launcher bacth; did you mean "batch"\?/,
];

describe('what launchers find wrong with clusters', () => {
  it('is reported by validate, plan and sweep, all at once, each with its place', async () => {
    await using workspace = await makeClusters(WRONG);
    for (const command of ['validate', 'plan', 'sweep']) {
      const { exitCode, stdout, stderr } = await runCli([command], workspace.root);
      const said = stdout + stderr;

      expect(exitCode, command).toBe(3);
      for (const problem of PROBLEMS) expect(said, command).toMatch(problem);
      for (const place of ['5:3', '8:3']) expect(said, command).toContain(`configs/clusters.yaml:${place}`);
    }
    expect(await workspace.read('configs/clusters.yaml')).toBe(WRONG);
  });

  it('is found once in a file that is named and is the workspace’s, and in files elsewhere', async () => {
    await using workspace = await makeClusters(WRONG, { 'far/clusters.yaml': WRONG });
    const found = async (file: string) => {
      const { stdout } = await runCli(['validate', file, '--format', 'json'], workspace.root);
      return JSON.parse(stdout) as readonly object[];
    };
    const expected = (file: string) => [
      { code: 'CONFIG_INVALID', file, line: 5, column: 3, key: 'mine.partitoin' },
      { code: 'LAUNCHER_UNKNOWN', file, line: 8, column: 3, key: 'other.launcher' },
    ];

    const own = await found('configs/clusters.yaml');
    expect(own).toMatchObject(expected('configs/clusters.yaml'));
    expect(own).toHaveLength(2);
    await workspace.write('configs/clusters.yaml', '{}\n');
    expect(await found('far')).toMatchObject(expected('far/clusters.yaml'));
  });
});

describe('a cluster with a launcher from a plugin', () => {
  const CLUSTERS =
    'mine:\n  sku: acme-x1\n  runners: [mine]\n  launcher: batch\n  partition: main\n  port: node-last-digit\n';

  it('has its commands printed; a script takes what its command prints for the allocation', async () => {
    await using workspace = await makeClusters(CLUSTERS);
    const args = ['plan', '--node', 'mine_4', '--format', 'sh'];
    const { exitCode, stdout } = await runCli(args, workspace.root);

    expect(exitCode).toBe(0);
    expect(stdout).toContain(
      `trap 'release "$JOB_ID"; ' EXIT\nJOB_ID=$(reserve mine_4 main)\nrun "$JOB_ID" 8892`,
    );
  });

  it('is run by that launcher', async () => {
    await using workspace = await makeClusters(CLUSTERS);
    const { exitCode } = await workspace.cli(['sweep']);
    const [result] = await workspace.results();

    expect(exitCode).toBe(1);
    if (result?.state !== 'failed') throw new Error('not failed');
    expect(result.error.code).toBe('PLUGIN_THREW');
    expect(result.error.message).toMatch(/^launcher batch: acquire: no nodes/);
  });
});
