import { describe, expect, test } from 'vitest';
import plugins from '../dist/index.js';
import { nvidia } from '../dist/nvidia.js';
import { preflight } from '../dist/preflight.js';
import { fixture, never, node, printed } from './node.js';

const missing = () => {
  throw Object.assign(new Error("can't start nvidia-smi"), { cause: { code: 'ENOENT' } });
};

test('is the only plugin of its package and has the SKUs of the field', () => {
  expect(plugins).toEqual([nvidia]);
  expect(nvidia.skus.map(({ name }) => name)).toEqual(['h100', 'h200', 'b200', 'b300', 'gb200', 'gb300']);
});

test.each(nvidia.skus)('$name has all figures, and dense FLOP/s that double with each halving', (sku) => {
  const { bf16 = 0, fp8 = 0, fp4 = Infinity } = sku.flops ?? {};
  expect(sku.memoryGiB).toBeGreaterThan(0);
  expect(sku.memoryBandwidthGBps).toBeGreaterThan(0);
  expect(sku.tdpW).toBeGreaterThan(0);
  expect(fp8).toBeCloseTo(2 * bf16, -12);
  expect(fp4).toBeGreaterThanOrEqual(2 * fp8);
});

test('a rack of NVL72 is one domain of NVLink, other nodes are their own', () => {
  const domains = nvidia.skus.map(({ name, interconnect }) => [name, interconnect?.domain]);
  expect(Object.fromEntries(domains)).toEqual({ h100: 8, h200: 8, b200: 8, b300: 8, gb200: 72, gb300: 72 });
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
  ['there are no devices', () => printed('No devices were found\n', 6)],
  ['it prints nothing', () => printed('')],
])('a node has no GPUs and no facts where %s', async (_, run) => {
  expect(await nvidia.detect?.(node(run), never)).toEqual([]);
  expect(await nvidia.preflight?.(node(run), never)).toEqual({});
});

test.each([
  ['is missing', missing],
  ['is not found by the shell', () => printed('', 127, 'nvidia-smi: command not found\n')],
])(
  'where nvidia-smi %s, a node without the driver has no GPUs, and of others nothing is known',
  async (_, run) => {
    const withDriver = (code: number) =>
      node((command) => (command.startsWith('test ') ? printed('', code) : run()));

    expect(await nvidia.detect?.(withDriver(1), never)).toEqual([]);
    expect(await nvidia.detect?.(withDriver(0), never)).toBeUndefined();
    expect(await nvidia.detect?.(node(missing), never)).toBeUndefined();
    expect(await nvidia.preflight?.(node(run), never)).toEqual({});
  },
);

test('a driver that fails is an error that names the node', async () => {
  const broken = node(() => printed('NVIDIA-SMI has failed because it could not talk to the driver.\n', 9));
  await expect(nvidia.detect?.(broken, never)).rejects.toThrow(
    "can't read the GPUs of node_0: NVIDIA-SMI has failed",
  );
});

test('says in preflight what limits the node', async () => {
  const output = await fixture('preflight-h200.csv');
  const idle = node((command) => printed(command.includes('compute-apps') ? '' : output));
  expect(await nvidia.preflight?.(idle, never)).toEqual({
    'gpu-count': 8,
    'gpu-name': 'NVIDIA H200',
    'driver-version': '570.124.06',
    'vbios-version': '96.00.BC.00.01',
    'power-limit-w': 650,
    'sm-clock-mhz': 345,
    'sm-clock-max-mhz': 1980,
    'memory-clock-mhz': 3201,
    'memory-used-gib': 0,
    utilization: 0.97,
    'temperature-c': 61,
    'gpus-idle': true,
  });
});

describe('GPUs in use', () => {
  const idle = 'NVIDIA H200, 570.124.06, 96.00.BC.00.01, 700.00, 345, 1980, 3201, 4, 0, 30\n';
  const busy = 'NVIDIA H200, 570.124.06, 96.00.BC.00.01, 700.00, 1980, 1980, 3201, 131072, 0, 61\n';
  const at = (gpus: string, processes: string) => (command: string) =>
    printed(command.includes('compute-apps') ? processes : gpus);
  const atOnce = () => Promise.resolve();

  test.each([
    ['processes compute on them', at(idle, '4242\n4243\n'), 'processes 4242, 4243 compute on them'],
    ['processes out of sight have memory', at(`${idle}${busy}`, ''), '128 GiB of one are in use'],
  ])('end a preflight where %s', async (_, run, why) => {
    const refused = preflight(node(run), never, atOnce);
    await expect(refused).rejects.toThrow(`the GPUs of node_0 are not idle: ${why}`);
    await expect(refused).rejects.toMatchObject({ code: 'NODE_BUSY', exitCode: 5 });
  });

  test('are waited for while what ran before lets go of them', async () => {
    let pauses = 0;
    const run = (command: string) => at(pauses < 3 ? busy : idle, '')(command);
    const facts = await preflight(node(run), never, () => Promise.resolve(pauses++));
    expect(pauses).toBe(3);
    expect(facts).toMatchObject({ 'gpus-idle': true, 'memory-used-gib': 0 });
  });
});

test('refuses a node on which MIG divides a GPU', async () => {
  const modes = (command: string) =>
    printed(command.includes('mig.mode') ? '0, Disabled\n1, [N/A]\n2, Enabled\n' : '');
  await expect(nvidia.preflight?.(node(modes), never)).rejects.toMatchObject({
    code: 'NODE_UNFIT',
    message: 'MIG divides GPU 2 of node_0',
    where: { node: 'node_0' },
  });
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
    'gpus-idle': true,
  });
});
