import { expect, test } from 'vitest';
import plugins from '../dist/index.js';
import { nvidia } from '../dist/nvidia.js';
import { fixture, never, node, printed } from './node.js';

const missing = () => {
  throw Object.assign(new Error("can't start nvidia-smi"), { cause: { code: 'ENOENT' } });
};

test('is the only plugin of its package and names every SKU once', () => {
  const names = nvidia.skus.map(({ name }) => name);
  expect(plugins).toEqual([nvidia]);
  expect(names).toEqual(expect.arrayContaining(['h100', 'h200', 'b200', 'b300', 'gb200', 'gb300']));
  expect(new Set(names).size).toBe(names.length);
});

test.each(nvidia.skus)('the figures of $name are dense, positive and have dated sources', (sku) => {
  expect(sku.memoryGiB).toBeGreaterThan(0);
  expect(sku.memoryBandwidthGBps).toBeGreaterThan(0);
  expect(sku.flops?.['fp8']).toBeCloseTo(2 * (sku.flops?.['bf16'] ?? 0), -12);
  expect(sku.flops?.['bf16']).toBe(sku.flops?.['fp16']);
  expect(sku.sources.length).toBeGreaterThan(0);
  for (const { url, date } of sku.sources) {
    expect(url).toMatch(/^https:/);
    expect(date).toMatch(/^\d{4}-\d\d-\d\d$/);
  }
});

test.each(['b300', 'gb300'])('%s has no price, as the published one is a placeholder', (name) => {
  expect(nvidia.skus.find((sku) => sku.name === name)).not.toHaveProperty('pricePerHour');
});

test('finds the GPUs of a node, how many, and the memory that they report', async () => {
  const output = await fixture('detect-h200.csv');
  const found = await nvidia.detect?.(
    node(() => printed(output)),
    never,
  );
  expect(found).toHaveLength(1);
  expect(found?.[0]).toMatchObject({ name: 'h200', devicesPerNode: 8, memoryGiB: 140.4, tdpW: 700 });
  expect(found?.[0]?.sources[0]?.what).toBe('nvidia-smi on the node: NVIDIA H200');
});

test.each([
  ['NVIDIA H100 80GB HBM3', 'h100'],
  ['NVIDIA B200', 'b200'],
  ['NVIDIA B300 SXM6 AC', 'b300'],
  ['NVIDIA GB200', 'gb200'],
  ['NVIDIA GB300', 'gb300'],
])('knows %s as %s', async (product, name) => {
  const found = await nvidia.detect?.(
    node(() => printed(`${product}, [N/A]\n`)),
    never,
  );
  expect(found?.map((sku) => sku.name)).toEqual([name]);
  expect(found?.[0]?.memoryGiB).toBe(nvidia.skus.find((sku) => sku.name === name)?.memoryGiB);
});

test.each(['NVIDIA H100 PCIe', 'NVIDIA H100 NVL', 'NVIDIA H200 NVL', 'NVIDIA GH200 480GB', 'NVIDIA L40S'])(
  '%s is none of the SKUs',
  async (product) => {
    expect(
      await nvidia.detect?.(
        node(() => printed(`${product}, 81559\n`)),
        never,
      ),
    ).toEqual([]);
  },
);

test.each([
  ['nvidia-smi is missing', missing],
  ['the shell finds no nvidia-smi', () => printed('', 127, 'nvidia-smi: command not found\n')],
  ['there are no devices', () => printed('No devices were found\n', 6)],
  ['it prints nothing', () => printed('')],
])('a node has no GPUs and no facts where %s', async (_, run) => {
  expect(await nvidia.detect?.(node(run), never)).toEqual([]);
  expect(await nvidia.preflight?.(node(run), never)).toEqual({});
});

test('a driver that fails is an error that names the node', async () => {
  const broken = node(() => printed('NVIDIA-SMI has failed because it could not talk to the driver.\n', 9));
  await expect(nvidia.detect?.(broken, never)).rejects.toThrow(
    "can't read the GPUs of node_0: NVIDIA-SMI has failed",
  );
});

test('says in preflight what limits the node and whether it is in use', async () => {
  const output = await fixture('preflight-h200.csv');
  const busy = node((command) => printed(command.includes('compute-apps') ? '4242\n' : output));
  expect(await nvidia.preflight?.(busy, never)).toEqual({
    'gpu-count': 8,
    'gpu-name': 'NVIDIA H200',
    'driver-version': '570.124.06',
    'vbios-version': '96.00.BC.00.01',
    'power-limit-w': 650,
    'sm-clock-mhz': 345,
    'sm-clock-max-mhz': 1980,
    'memory-clock-mhz': 3201,
    'memory-used-gib': 128,
    utilization: 0.97,
    'temperature-c': 61,
    'compute-processes': 1,
    'gpus-idle': false,
  });
});

test('a GPU is not idle only because the processes on it are out of sight', async () => {
  const output = await fixture('preflight-h200.csv');
  const busy = node((command) => printed(command.includes('compute-apps') ? '' : output));
  expect(await nvidia.preflight?.(busy, never)).toMatchObject({ 'compute-processes': 0, 'gpus-idle': false });
});

test('leaves out facts that nvidia-smi has no value for', async () => {
  const output = await fixture('preflight-gaps.csv');
  const idle = node((command) => printed(command.includes('compute-apps') ? '' : output));
  expect(await nvidia.preflight?.(idle, never)).toEqual({
    'gpu-count': 1,
    'gpu-name': 'NVIDIA H100 80GB HBM3',
    'driver-version': '570.124.06',
    'vbios-version': '96.00.68.00.01',
    'sm-clock-max-mhz': 1980,
    'compute-processes': 0,
    'gpus-idle': true,
  });
});
