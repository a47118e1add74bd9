import { expect, test } from 'vitest';
import { amd } from '../dist/amd.js';
import plugins from '../dist/index.js';
import { preflight } from '../dist/preflight.js';
import { fixture, never, node, printed } from './node.js';

const mi300x = async () => ({
  'amd-smi static': printed(`WARNING: user is not in the render group\n${await fixture('static-list.json')}`),
  'amd-smi metric': printed(await fixture('metric.json')),
  'rocm-smi --showfw': printed(await fixture('showfw.txt')),
});

test('is the only plugin of its package and has the SKUs of the field', () => {
  expect(plugins).toEqual([amd]);
  expect(amd.skus.map(({ name }) => name)).toEqual(['mi300x', 'mi325x', 'mi355x']);
});

test.each(amd.skus)('$name has all figures, and dense FLOP/s that double with each halving', (sku) => {
  const { bf16 = 0, fp8 = 0, fp4 } = sku.flops ?? {};
  expect(sku.memoryGiB).toBeGreaterThan(0);
  expect(sku.memoryBandwidthGBps).toBeGreaterThan(0);
  expect(sku.tdpW).toBeGreaterThan(0);
  expect(sku.interconnect?.domain).toBe(8);
  expect(fp8).toBeCloseTo(2 * bf16, -13);
  expect(fp4).toBe(sku.name === 'mi355x' ? 2 * fp8 : undefined);
});

test('finds the GPUs of a node, how many, and the memory that they report', async () => {
  const [sku, ...others] = (await amd.detect?.(node(await mi300x()), never)) ?? [];
  expect(others).toEqual([]);
  expect(sku).toMatchObject({ name: 'mi300x', devicesPerNode: 8, memoryGiB: 191.98, tdpW: 750 });
  expect(sku?.sources[0]?.what).toBe('the tools of the node: AMD Instinct MI300X');
});

test('says in preflight what limits the node', async () => {
  expect(await amd.preflight?.(node(await mi300x()), never)).toEqual({
    'gpu-count': 8,
    'gpu-name': 'AMD Instinct MI300X',
    'driver-version': '6.10.5',
    'vbios-version': '022.040.003.041.000001',
    'mec-firmware': 177,
    'power-limit-w': 650,
    'gfx-clock-mhz': 132,
    'gfx-clock-max-mhz': 2100,
    'memory-used-gib': 0.28,
    utilization: 0.97,
    'temperature-c': 71,
    'gpus-idle': true,
  });
});

test('reads the keys of newer versions, and leaves out what has no value', async () => {
  const newer = node({
    'amd-smi static': printed(await fixture('static-gpu-data.json')),
    'amd-smi metric': printed(await fixture('metric-gaps.json')),
    'amd-smi firmware': printed(await fixture('firmware.json')),
  });
  expect((await amd.detect?.(newer, never))?.[0]).toMatchObject({
    name: 'mi355x',
    devicesPerNode: 2,
    memoryGiB: 287.98,
  });
  expect(await amd.preflight?.(newer, never)).toEqual({
    'gpu-count': 2,
    'gpu-name': 'AMD Instinct MI355X',
    'driver-version': '6.16.6',
    'vbios-version': '113-M355-01-1K1-030A',
    'mec-firmware': 178,
    'power-limit-w': 1400,
    'memory-used-gib': 0,
    'temperature-c': 41,
    'gpus-idle': true,
  });
});

test('asks rocm-smi on a node that has no amd-smi', async () => {
  const older = node({
    'rocm-smi --showproductname': printed(await fixture('rocm-smi.json')),
    'rocm-smi --showfw': printed('', 1),
  });
  expect((await amd.detect?.(older, never))?.[0]).toMatchObject({
    name: 'mi325x',
    devicesPerNode: 2,
    memoryGiB: 255.98,
  });
  expect(await amd.preflight?.(older, never)).toEqual({
    'gpu-count': 2,
    'gpu-name': 'AMD Instinct MI325X',
    'driver-version': '6.12.12',
    'vbios-version': '113-M3250101-100',
    'mec-firmware': 'unreadable',
    'memory-used-gib': 0.28,
    utilization: 0,
    'gpus-idle': true,
  });
});

test.each([
  ['rocm-smi exits with an error and amd-smi has no list', { 'rocm-smi --showfw': printed('', 1) }],
  [
    'rocm-smi prints no version',
    { 'rocm-smi --showfw': printed('GPU[0]\t\t: get_firmware_version_MEC, N/A\n') },
  ],
  ['rocm-smi is missing', {}],
])('MEC firmware is a fact where %s', async (_title, outputs) => {
  const { 'rocm-smi --showfw': _, ...others } = await mi300x();
  const facts = await amd.preflight?.(node({ ...others, ...outputs }), never);
  expect(facts?.['mec-firmware']).toBe('unreadable');
});

test('a preflight ends where GPUs stay in use', async () => {
  const busy = node({ ...(await mi300x()), 'amd-smi metric': printed(await fixture('metric-busy.json')) });
  let pauses = 0;
  const refused = preflight(busy, never, () => Promise.resolve(pauses++));
  await expect(refused).rejects.toMatchObject({
    code: 'NODE_BUSY',
    message: 'the GPUs of node_0 are not idle: 160 GiB of one are in use',
  });
  expect(pauses).toBe(29);
});

test.each([
  ['has neither tool nor driver', { 'test -e /dev/kfd': printed('', 1) }],
  ['has no AMD GPU', { 'amd-smi': printed('[]') }],
  [
    'finds neither tool in its shell, and has no driver',
    { 'amd-smi': printed('', 127), 'rocm-smi': printed('', 127), 'test -e /dev/kfd': printed('', 1) },
  ],
])('there are no GPUs and no facts where a node %s', async (_, outputs) => {
  expect(await amd.detect?.(node(outputs), never)).toEqual([]);
  expect(await amd.preflight?.(node(outputs), never)).toEqual({});
});

test('of a node with the driver and without tools nothing is known', async () => {
  expect(await amd.detect?.(node({ 'test -e /dev/kfd': printed('') }), never)).toBeUndefined();
  expect(await amd.detect?.(node({}), never)).toBeUndefined();
});

test('GPUs that are none of the SKUs are not claimed', async () => {
  const others = [
    { gpu: 0, asic: { market_name: 'AMD Instinct MI300A' } },
    { gpu: 1, asic: { market_name: 'AMD Radeon Graphics' } },
    { gpu: 2 },
  ];
  const outputs = {
    'amd-smi static': printed(JSON.stringify(others)),
    'amd-smi metric': printed('[]'),
  };
  expect(await amd.detect?.(node(outputs), never)).toEqual([]);
});

test.each([
  ['fails', printed('', 1, 'no driver\n'), 'amd-smi on node_0 failed: no driver'],
  ['prints no JSON', printed('Usage: amd-smi\n'), 'expected JSON, not "Usage: amd-smi\\n"'],
])('an amd-smi that %s is an error', async (_, output, message) => {
  await expect(amd.detect?.(node({ 'amd-smi': output }), never)).rejects.toThrow(message);
});
