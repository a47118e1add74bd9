import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { BUSY_MACHINE, makeWorkspace, type TestWorkspace } from '../workspace.js';

const WIDE = fileURLToPath(new URL('../fixtures/wide-plugin', import.meta.url));

/** A workspace with servers of any parallelism, on a node of 24 devices. */
async function makeWideWorkspace(jobs: string): Promise<TestWorkspace> {
  const workspace = await makeWorkspace({
    'configs/jobs.yaml': jobs,
    'configs/sweepline.yaml': `plugins: ['@wide/sweepline-plugin']
default-configs: [configs/jobs.yaml]
runners: { 'cluster:wide': { sku: wide-x24 } }
client: { limits: ${BUSY_MACHINE} }
`,
  });
  await cp(WIDE, join(workspace.root, 'node_modules/@wide/sweepline-plugin'), { recursive: true });
  return workspace;
}

const entry = (key: string, runner: string, isMultiNode: boolean, options: object = {}): string => `${key}:
  image: host
  model: fake-model
  model-prefix: ${key}
  runner: ${runner}
  precision: fp8
  framework: wide
  multinode: ${isMultiNode}
  options: ${JSON.stringify(options)}
`;

type Row = Readonly<Record<string, unknown>>;

async function rowsOf(workspace: TestWorkspace): Promise<readonly Row[]> {
  return JSON.parse(await workspace.readRunFile('results_bmk/agg_bmk.json')) as readonly Row[];
}

/** What a point's client counted, and its row says per device. */
async function devicesBy(workspace: TestWorkspace, name: string, row: Row): Promise<number> {
  const raw = JSON.parse(await workspace.readRunFile(`points/${name}/raw.json`)) as Row;
  return Math.round(Number(raw['total_token_throughput']) / Number(row['tput_per_gpu']));
}

it('August jobs on one node are divided by tp × pp × pcp, and differ in name, table and row', async () => {
  const sizes = ['tp: 4', 'tp: 4, pp: 2', 'tp: 2, pp: 2, pcp-size: 2'];
  const spaces = sizes.map((size) => `{ ${size}, conc-list: [2] }`).join(', ');
  await using workspace = await makeWideWorkspace(`${entry('august', 'cluster:wide', false)}  scenarios:
    fixed-seq-len: [{ isl: 20, osl: 8, search-space: [${spaces}] }]
`);

  const { exitCode, stdout, stderr } = await workspace.cli(['sweep', '--allow-invalid']);

  expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
  const results = await workspace.results();
  expect(results).toMatchObject([{ state: 'completed' }, { state: 'completed' }, { state: 'completed' }]);
  const rows = await Promise.all(
    results.map(
      async ({ name }) => JSON.parse(await workspace.readRunFile(`bmk_${name}/agg_${name}.json`)) as Row,
    ),
  );
  expect(rows).toMatchObject([
    { tp: 4, pp: 1, pcp_size: 1 },
    { tp: 4, pp: 2, pcp_size: 1 },
    { tp: 2, pp: 2, pcp_size: 2 },
  ]);
  const counted = rows.map((row, index) => devicesBy(workspace, results[index]!.name, row));
  expect(await Promise.all(counted)).toEqual([4, 8, 8]);
  expect(await rowsOf(workspace)).toHaveLength(3);
  expect(new Set(results.map(({ name }) => name.replace(/-\d$/, ''))).size).toBe(3);
  for (const cell of ['4/1', '4/1 pp2', '2/1 pp2 pcp2']) expect(stdout).toMatch(new RegExp(` ${cell} +2 `));
});

const WORKERS = `  seq-len-configs:
    - isl: 20
      osl: 8
      search-space:
        - conc-list: [2]
          prefill: { num-worker: 1, tp: 1, ep: 8, dp-attn: true }
          decode: { num-worker: 2, tp: 1, ep: 8, dp-attn: true }
`;

it('workers of two roles are started, kept apart and counted by the devices that experts take', async () => {
  await using workspace = await makeWideWorkspace(entry('split', 'wide-x24', true) + WORKERS);

  const { exitCode, stderr } = await workspace.cli(['sweep', '--allow-invalid']);

  expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
  const results = await workspace.results();
  expect(results).toMatchObject([{ state: 'completed' }]);
  const [row = {}] = await rowsOf(workspace);
  expect(row).toMatchObject({ is_multinode: true, num_prefill_gpu: 8, num_decode_gpu: 16 });
  expect(await devicesBy(workspace, results[0]!.name, row)).toBe(24);
  const plan = JSON.parse(await workspace.readRunFile(`points/${results[0]!.name}/plan.json`)) as {
    readonly processes: readonly { readonly role: string; readonly env: Row }[];
  };
  const seen = plan.processes.map(({ role, env }) => [role, String(env['WIDE_VISIBLE']).split(',').length]);
  expect(seen).toEqual([
    ['prefill', 8],
    ['decode', 8],
    ['decode', 8],
  ]);
  expect(await workspace.processes()).toEqual([]);
});

it('a point whose prefill worker dies is shown as one of several nodes, and its other workers are ended', async () => {
  await using workspace = await makeWideWorkspace(
    entry('split', 'wide-x24', true, { prefill: ['--exit-with', '7'] }) + WORKERS,
  );

  const { exitCode, stdout, stderr } = await workspace.cli(['sweep']);

  expect({ exitCode, stderr }).toMatchObject({ exitCode: 1 });
  expect(stdout).toMatch(/^split +wide-x24 .* 8P\+16D .*failed: SERVER_DIED/m);
  expect(await workspace.readRunFile('summary.md')).toContain('SERVER_DIED');
  const { stdout: csv } = await workspace.cli(['report', '--format', 'csv']);
  const [header = '', line = ''] = csv.split('\r\n');
  const cell = (key: string) => line.split(',')[header.split(',').indexOf(key)];
  expect(['is_multinode', 'prefill_ep', 'decode_num_workers', 'num_decode_gpu'].map(cell)).toEqual([
    'true',
    '8',
    '2',
    '16',
  ]);
  expect(await workspace.processes()).toEqual([]);
});
