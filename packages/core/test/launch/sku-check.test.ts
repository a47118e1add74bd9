import { expect, it } from 'vitest';
import { checkSku } from '../../src/launch/sku-check.js';
import type { HardwarePlugin, ServePlan, Sku } from '../../src/index.js';
import type { ResolvedRunner } from '../../src/plan/runners.js';
import { scriptedNode } from '../../src/testing/scripted-node.js';

const x1: Sku = { name: 'x1', vendor: 'acme', device: 'gpu', devicesPerNode: 8, sources: [] };
const found = (name: string, devicesPerNode: number): Sku => ({
  ...{ ...x1, name, devicesPerNode },
  sources: [{ what: `acme-smi: Acme ${name}`, date: '2026-11-30' }],
});

/** What is found on each node, by its name. */
function check(
  nodes: Readonly<Record<string, readonly Sku[] | undefined>>,
  {
    devices = 4,
    nodesPerReplica = 1,
    ...runner
  }: { devices?: number; nodesPerReplica?: number; detect?: false } = {},
  detect: HardwarePlugin['detect'] | null = ({ node }) => Promise.resolve(nodes[node.name]),
) {
  const plugin = {
    kind: 'hardware',
    name: 'acme',
    skus: [x1],
    ...(detect === null ? {} : { detect }),
  };
  const place = { nodes: nodesPerReplica, ranksPerNode: 1, devicesPerRank: devices, wireUp: 'env' };
  const plan = { roles: [{ name: 'server', replicas: 1, place }] } as unknown as ServePlan;
  const resolved = { label: 'rack', sku: x1, hardware: { plugin }, ...runner } as unknown as ResolvedRunner;
  const executors = Object.keys(nodes).map((name) => scriptedNode({}, name).executor);
  return checkSku(resolved, plan, executors, new AbortController().signal);
}

it('passes nodes that have the SKU', async () => {
  expect(await check({ a: [found('x9', 1), found('x1', 8)], b: [found('x1', 8)] })).toEqual([]);
});

it.each([
  ['none', [], /node a has no x1; .* found none of its devices there/],
  ['another', [found('x2', 4)], /node a has no x1; hardware plugin acme found 4 × x2 \(acme-smi: Acme x2\)/],
  ['fewer than the plan takes', [found('x1', 2)], /the plan takes 4 × x1 of node a; .* found 2 × x1/],
])('refuses a node that has %s, with what was found and a way on', async (_, skus, message) => {
  await expect(check({ a: skus })).rejects.toMatchObject({
    code: 'SKU_MISMATCH',
    message: expect.stringMatching(message) as string,
    hint: expect.stringContaining('detect: false') as string,
  });
});

it('asks every node', async () => {
  const second = { a: [found('x1', 8)], b: [found('x1', 3)] };
  await expect(check(second, { devices: 8, nodesPerReplica: 2 })).rejects.toThrow(/8 × x1 of node b/);
});

it.each([
  ['the plugin has no way to', { a: [] }, {}, null],
  ['the tool is missing', { a: undefined }, {}, undefined],
  ['the tool fails', { a: [] }, {}, () => Promise.reject(new Error('driver mismatch'))],
  ['the runner says not to', { a: [] }, { detect: false }, undefined],
] as const)('says that it is unchecked where %s', async (_, nodes, runner, detect) => {
  const findings = await check(nodes, runner, detect);
  expect(findings).toMatchObject([{ kind: 'unchecked', message: expect.stringContaining('x1') as string }]);
});

it('tells of a node that has fewer devices than it should, and enough', async () => {
  expect(await check({ a: [found('x1', 4)] })).toMatchObject([{ kind: 'fewer-devices' }]);
});
