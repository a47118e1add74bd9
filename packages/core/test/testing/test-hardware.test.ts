import { describe, expect, it } from 'vitest';
import type { HardwarePlugin, Sku, TelemetrySample } from '../../src/index.js';
import { HARDWARE_CHECKS } from '../../src/testing/hardware-checks.js';
import { EMPTY_NODE_CHECKS, NODE_CHECKS, type RecordedNode } from '../../src/testing/hardware-nodes.js';
import { testHardware } from '../../src/testing/index.js';

const sku: Sku = {
  name: 'acme-1',
  vendor: 'acme',
  device: 'gpu',
  devicesPerNode: 8,
  memoryGiB: 80,
  interconnect: { name: 'AcmeLink', gBps: 450, domain: 8 },
  flops: { fp8: 1e15 },
  sources: [{ what: 'data sheet', url: 'https://example.com/acme-1', date: '2026-11-25' }],
};

const reading = (): TelemetrySample => ({ unixMs: Date.now(), device: 0, powerW: 700, utilization: 1 });

const sound: HardwarePlugin = {
  kind: 'hardware',
  name: 'acme',
  apiVersion: 2,
  skus: [sku],
  container: (_sku, _cluster, strict) => ({
    docker: ['--device=/dev/acme', ...(strict ? ['--privileged'] : [])],
    pyxis: [],
    env: {},
  }),
  visibleDevices: (devices) => ({ ACME_VISIBLE_DEVICES: devices.join(',') }),
  detect: async (executor, signal) => {
    const output = await executor.run({ argv: ['acme-smi'] }, signal).catch(() => undefined);
    return output === undefined ? [] : [sku];
  },
  preflight: () => Promise.resolve({ 'driver-version': '1.0' }),
  async *telemetry(executor, signal) {
    const smi = await executor.spawn({ argv: ['acme-smi'] }, signal);
    signal.addEventListener('abort', () => void smi.stop(0));
    for await (const _ of smi.lines()) {
      if (signal.aborted) return;
      yield reading();
    }
  },
};

const node: RecordedNode = { title: 'a node', prints: { 'acme-smi': '0\n0\n0' }, finds: ['acme-1'] };

testHardware(sound, { describe, it, nodes: [node] });

const settings = (docker: readonly string[]) => ({ docker, pyxis: [], env: {} });
let calls = 0;

/** Everything that all checks have against a plugin. */
async function complaints(plugin: HardwarePlugin): Promise<string> {
  const runs = [
    ...[...HARDWARE_CHECKS, ...EMPTY_NODE_CHECKS].map((check) => async () => check.run(plugin)),
    ...NODE_CHECKS.map((check) => async () => check.run({ plugin, node })),
  ];
  const outcomes = await Promise.allSettled(runs.map((run) => run()));
  return outcomes
    .flatMap((one) => (one.status === 'rejected' ? [(one.reason as Error).message] : []))
    .join('\n');
}

describe('a hardware plugin is found out that', () => {
  it.each<[string, Partial<HardwarePlugin>, RegExp]>([
    ['has no SKU', { skus: [] }, /has no SKU/],
    ['calls one by its trade name', { skus: [{ ...sku, name: 'Acme 1' }] }, /Acme 1 is not a name/],
    ['has one twice', { skus: [sku, sku] }, /a SKU is listed twice/],
    ['writes zero for unknown', { skus: [{ ...sku, tdpW: 0 }] }, /tdpW of acme-1 is 0/],
    [
      'joins fewer devices than a node has',
      { skus: [{ ...sku, interconnect: { name: 'AcmeLink', gBps: 450, domain: 4 } }] },
      /joins 4 devices, but a node has 8/,
    ],
    ['has figures from nowhere', { skus: [{ ...sku, sources: [] }] }, /has figures but no source/],
    [
      'has a source without address',
      { skus: [{ ...sku, sources: [{ what: 'hearsay', date: '2026-11-25' }] }] },
      /"hearsay" of acme-1 has no URL/,
    ],
    [
      'looked something up tomorrow',
      { skus: [{ ...sku, sources: [{ what: 'hope', url: 'https://example.com', date: '2999-01-01' }] }] },
      /was looked up on 2999-01-01/,
    ],
    ['is privileged', { container: () => settings(['--privileged']) }, /get --privileged/],
    [
      'adds too much in two words',
      { container: () => settings(['--cap-add', 'SYS_ADMIN']) },
      /get --cap-add=SYS_ADMIN/,
    ],
    ['counts', { container: () => settings([`--name=${calls++}`]) }, /get two different sets of arguments/],
    [
      'tells a secret',
      { container: () => settings(['-e', `HF_TOKEN=${process.env['HF_TOKEN'] ?? ''}`]) },
      /contain a secret/,
    ],
    [
      'loses a device',
      { visibleDevices: (devices) => ({ ACME: devices.slice(0, 2).join(',') }) },
      /ACME for devices 0,1,2,3/,
    ],
    ['shows none', { visibleDevices: () => ({}) }, /no variable makes devices 0 visible/],
    ['finds GPUs where there are none', { detect: () => Promise.resolve([sku]) }, /Expected values to be/],
    ['misses GPUs', { detect: () => Promise.resolve([]) }, /Expected values to be/],
    [
      'has a fact that is none',
      { preflight: () => Promise.resolve({ 'power-limit-w': NaN }) },
      /power-limit-w is NaN/,
    ],
    [
      'reads percent',
      { telemetry: () => readings([{ ...reading(), utilization: 98 }]) },
      /utilization is 98/,
    ],
    ['reads nothing', { telemetry: () => readings([]) }, /there are no readings/],
    [
      'leaves its tool running',
      {
        async *telemetry(executor, signal) {
          await executor.spawn({ argv: ['acme-smi'] }, signal);
          yield reading();
        },
      },
      /a process still runs after the end/,
    ],
  ])('%s', async (_, wrong, message) => {
    expect(await complaints({ ...sound, ...wrong })).toMatch(message);
  });

  it('and nothing else', async () => {
    expect(await complaints(sound)).toBe('');
  });
});

async function* readings(samples: readonly TelemetrySample[]): AsyncGenerator<TelemetrySample> {
  await Promise.resolve();
  yield* samples;
}
