import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Comparison } from '../src/compare/compare.js';
import { measurementsOf } from '../src/compare/measurements.js';
import { METRICS } from '../src/compare/compared-metrics.js';
import { curveRepeatsOf, repeatsOf } from '../src/compare/repeats.js';
import { openToRead } from '../src/index/database.js';
import { updateIndex } from '../src/index.js';
import { makeStoreWorkspace, type StoreWorkspace } from './commands.js';
import { completed, failed, writeRun, type TestResult } from './runs.js';

let workspace: StoreWorkspace;
beforeEach(async () => void (workspace = await makeStoreWorkspace()));
afterEach(() => workspace[Symbol.asyncDispose]());

const PROVENANCE = {
  sweepline: '1.0.0',
  session: 'one',
  framework: { plugin: 'sglang', package: '@sweepline/plugin-sglang', version: '1.0.0' },
  hardware: { sku: 'b200', node: 'n1', facts: { driver: '580.1' } },
  images: { 'engine/server:v1': { digest: 'sha256:a', platform: 'linux/amd64' } },
  engine: { 'engine-version': '0.5', 'kv-cache-dtype': 'auto' },
};
const LOAD = {
  endpoint: { baseUrl: 'http://127.0.0.1:1' },
  prompts: { seed: 0 },
  output: { recordsFile: 'a' },
};
const PLAN = { job: {}, processes: [{ argv: ['serve', '--tp', '8'], env: { A: '1' } }] };

/** A run of a point, with its plan and load. */
async function makeRun(
  id: string,
  { provenance = {}, load = {}, plan = {}, ...more }: Record<string, object | undefined> = {},
): Promise<void> {
  const result = completed('a', { provenance: { ...PROVENANCE, session: id, ...provenance }, ...more });
  await writePoint(id, result, { ...LOAD, ...load }, { ...PLAN, ...plan });
}

async function writePoint(id: string, result: TestResult, load: object, plan: object): Promise<void> {
  const folder = await writeRun(join(workspace.resultsDir, id), { id, results: [result] });
  await writeFile(join(folder, 'points', 'a', 'load.json'), JSON.stringify(load));
  await writeFile(join(folder, 'points', 'a', 'plan.json'), JSON.stringify(plan));
}

async function compared(): Promise<Comparison> {
  const { stdout, said } = await workspace.run('compare', 'before', 'after', '--json');
  expect(said).toBe('');
  return JSON.parse(stdout) as Comparison;
}

it.each([
  ['nothing', {}, []],
  ['another seed', { load: { prompts: { seed: 1 } } }, [{ key: 'load.prompts.seed', a: '0', b: '1' }]],
  [
    'another version of the plugin',
    { provenance: { framework: { ...PROVENANCE.framework, version: '1.1.0' } } },
    [{ key: 'provenance.framework.version', a: '1.0.0', b: '1.1.0' }],
  ],
  [
    'a tag that was moved',
    { provenance: { images: { 'engine/server:v1': { digest: 'sha256:b', platform: 'linux/amd64' } } } },
    [{ key: 'provenance.images.engine/server:v1.digest', a: 'sha256:a', b: 'sha256:b' }],
  ],
  [
    'what the engine made of a setting',
    { provenance: { engine: { 'engine-version': '0.5', 'kv-cache-dtype': 'fp8' } } },
    [{ key: 'provenance.engine.kv-cache-dtype', a: 'auto', b: 'fp8' }],
  ],
  [
    'an argument',
    { plan: { processes: [{ argv: ['serve', '--tp', '4'], env: { A: '1' } }] } },
    [{ key: 'plan.processes[0].argv[2]', a: '8', b: '4' }],
  ],
  [
    'an environment variable',
    { plan: { processes: [{ argv: ['serve', '--tp', '8'], env: {} }] } },
    [{ key: 'plan.processes[0].env.A', a: '1' }],
  ],
  [
    'where the server listened, and where files were',
    { load: { endpoint: { baseUrl: 'x' }, output: {} } },
    [],
  ],
])('names %s', async (_, change, expected) => {
  await makeRun('before');
  await makeRun('after', change);

  const { points } = await compared();
  expect(points.map(({ changed, moved }) => ({ changed, moved }))).toEqual([
    { changed: expected, moved: [] },
  ]);
});

it('lists the node and its hardware apart', async () => {
  await makeRun('before');
  await makeRun('after', {
    provenance: { hardware: { sku: 'b200', node: 'n2', facts: { driver: '580.2' } } },
  });

  const [point] = (await compared()).points;
  expect(point).toMatchObject({
    changed: [],
    moved: [
      { key: 'provenance.hardware.node', a: 'n1', b: 'n2' },
      { key: 'provenance.hardware.facts.driver', a: '580.1', b: '580.2' },
    ],
  });
});

it('names a stall, and says nothing of throughput there', async () => {
  await makeRun('before');
  await makeRun('after', {
    marks: [{ code: 'server-stall', severity: 'note', message: 'no token arrived from any stream for 5 s' }],
    row: { tput_per_gpu: 100 },
  });

  const { points } = await compared();
  expect(points[0]?.b[0]?.marks).toEqual(['server-stall']);
  expect(points[0]?.metrics.find(({ metric }) => metric === 'tput_per_gpu')).toMatchObject({
    verdict: 'unsure',
    reason: 'the server stalled',
  });
  expect((await workspace.run('compare', 'before', 'after')).stdout).toMatch(
    /b: server-stall in 1 measurements/,
  );
});

it('says why a point of B has no result that can be compared', async () => {
  await makeRun('before');
  await writePoint('after', failed('a', { provenance: { ...PROVENANCE, session: 'after' } }), LOAD, PLAN);

  const comparison = await compared();
  expect(comparison.unmatched.map(({ side, reason, hasFailed }) => [side, reason, hasFailed])).toEqual(
    expect.arrayContaining([['b', 'failed: server-death: it died', true]]),
  );
  expect(comparison).toMatchObject({
    verdict: 'unsure',
    reason: 'no point has a valid result on both sides',
  });
  expect((await workspace.run('compare', 'before', 'after')).exitCode).toBe(8);
});

it.each([
  ['n2', 'n2, another node than n1, where b was measured', true],
  ['n1', 'n1, where b was measured: no other node', false],
])('says whether the second run was on another node: %s', async (node, text, isOnOtherNode) => {
  const on = (name: string) => ({
    provenance: { hardware: { sku: 'b200', node: name, facts: {} } },
  });
  await makeRun('before', on('n3'));
  await makeRun('after', on('n1'));
  await makeRun('again', on(node));
  const given = ['compare', 'before', 'after', '--confirmed-by', 'again'] as const;

  expect((JSON.parse((await workspace.run(...given, '--json')).stdout) as Comparison).secondRun).toEqual({
    points: [{ name: expect.any(String) as string, nodes: [node], nodesOfB: ['n1'], isOnOtherNode }],
    failed: [],
  });
  for (const format of ['text', 'markdown'])
    expect((await workspace.run(...given, '--format', format)).stdout).toContain(`1 of 1 points: on ${text}`);
});

it('says where the second run has no result, and where nodes are not on record', async () => {
  await makeRun('before');
  await makeRun('after');
  await makeRun('again', { provenance: { hardware: undefined } });
  await writePoint('failed', failed('a', { provenance: PROVENANCE }), LOAD, PLAN);
  const second = async (run: string) =>
    (await workspace.run('compare', 'before', 'after', '--confirmed-by', run)).stdout;

  expect(await second('again')).toContain('it is not on record on which nodes they, or b, were measured');
  expect(await second('failed')).toMatch(/Second run\n.*failed: server-death: it died/);
});

it('takes the repeats of one run for as many curves, each of its own points', async () => {
  const concurrencies = [1, 2, 4];
  // The second measurement of each point is 10 % faster, the third one 20 %.
  const results = concurrencies.flatMap((conc) =>
    [1, 2, 3].map((repeat) =>
      completed(repeat === 1 ? `p${conc}` : `p${conc}.r${repeat}`, {
        ...{ point: `p${conc}`, repeat, concurrency: conc, at: `10:${10 * repeat + conc}` },
        row: { conc, tput_per_gpu: 100 * conc * (0.9 + 0.1 * repeat) },
      }),
    ),
  );
  await writeRun(join(workspace.resultsDir, 'repeated'), { id: 'repeated', results });
  await updateIndex({
    ...{ folders: [workspace.resultsDir], file: join(workspace.resultsDir, 'index.duckdb') },
    signal: new AbortController().signal,
  });
  using index = await openToRead(join(workspace.resultsDir, 'index.duckdb'));
  const metric = METRICS.find(({ key }) => key === 'tput_per_gpu')!;
  const measurements = await measurementsOf(index.connection, [metric.key]);

  expect(measurements.map(({ repeat }) => repeat).sort()).toEqual([1, 1, 1, 2, 2, 2, 3, 3, 3]);
  const curves = curveRepeatsOf(repeatsOf(measurements, metric));
  expect(curves.map(({ points, difference }) => [points.length, Math.exp(difference)])).toEqual([
    [3, expect.closeTo(1.1, 9)],
    [3, expect.closeTo(1.2 / 1.1, 9)],
  ]);
});

it('holds a gate closed for settings that nobody meant to change', async () => {
  await makeRun('before');
  await makeRun('after', { provenance: { ...PROVENANCE, sweepline: '9.9.9' } });
  const judged = async (allow: readonly string[]) => {
    await workspace.write('gate.yaml', {
      rules: [{ rule: 'settings', reason: 'r', against: 'before', allow }],
    });
    return workspace.run('gate', 'after');
  };

  expect(await judged([])).toMatchObject({
    exitCode: 7,
    stdout: expect.stringMatching(/a: provenance\.sweepline is 9\.9\.9, and .+ in before\n/) as string,
  });
  expect(await judged(['provenance.*'])).toMatchObject({ exitCode: 0 });
});

it('compares the settings of results that are worth nothing, and says where there is no result', async () => {
  const marks = [{ code: 'machine-shared', severity: 'invalid', message: 'others worked there' }];
  await makeRun('before', { marks });
  await makeRun('after', { marks, provenance: { ...PROVENANCE, sweepline: '9.9.9' } });
  await writePoint('failed', failed('a', { provenance: PROVENANCE }), LOAD, PLAN);
  const judged = async (against: string) => {
    await workspace.write('gate.yaml', { rules: [{ rule: 'settings', reason: 'r', against }] });
    const { stdout, said } = await workspace.run('gate', 'after');
    return stdout + said;
  };

  expect(await judged('before')).toMatch(/a: provenance\.sweepline is 9\.9\.9, and 1\.0\.0 in before\n/);
  expect(await judged('failed')).toContain('failed has no measured point of this one');
  expect(await judged('after')).toContain('USAGE: after a is in after and in after');
});
