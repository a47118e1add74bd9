import assert from 'node:assert/strict';
import type { HardwarePlugin, TelemetrySample } from '../plugin/index.js';
import type { Check } from './contract.js';
import { scriptedNode, type Recording } from './scripted-node.js';

/** An idle node with devices of the plugin, from recorded output of its tools. */
export interface RecordedNode {
  readonly title: string;
  /** The output of commands, by how the commands begin. */
  readonly prints: Recording;
  /** Names of the SKUs on the node. */
  readonly finds: readonly string[];
  /** The node gives no readings. */
  readonly noTelemetry?: boolean;
}

export interface NodeSubject {
  readonly plugin: HardwarePlugin;
  readonly node: RecordedNode;
}

/** Time in which one round of readings arrives on a node that answers at once. */
const ROUND_MS = 5000;
const never: AbortSignal = new AbortController().signal;

/** A node with nothing installed has no GPUs; every node has a CPU. */
export const EMPTY_NODE_CHECKS: readonly Check<HardwarePlugin>[] = [
  {
    title: 'finds nothing on a node that has none of its tools',
    run: async (plugin) => {
      if (plugin.skus.some(({ device }) => device === 'cpu')) return;
      assert.deepEqual((await plugin.detect?.(scriptedNode({}).executor, never)) ?? [], []);
    },
  },
];

export const NODE_CHECKS: readonly Check<NodeSubject>[] = [
  { title: 'finds its SKUs, with the facts that could be read', run: finds },
  { title: 'names facts in lower case, with values that JSON can hold', run: tellsFacts },
  { title: 'takes readings until it is stopped, and leaves nothing running', run: takesReadings },
];

async function finds({ plugin, node }: NodeSubject): Promise<void> {
  const found = (await plugin.detect?.(scriptedNode(node.prints).executor, never)) ?? [];
  assert.deepEqual(
    found.map(({ name }) => name),
    node.finds,
  );
  for (const { name, devicesPerNode, sources } of found) {
    assert(
      plugin.skus.some((sku) => sku.name === name),
      `${name} is not one of its SKUs`,
    );
    assert(devicesPerNode > 0, `${name} is found with no devices`);
    assert(sources.length > 0, `the way in which ${name} was found is missing`);
  }
}

async function tellsFacts({ plugin, node }: NodeSubject): Promise<void> {
  const facts = (await plugin.preflight?.(scriptedNode(node.prints).executor, never)) ?? {};
  for (const [name, value] of Object.entries(facts)) {
    assert.match(name, /^[a-z0-9]+(?:-[a-z0-9]+)*$/, `${name} is not a name in lower case with hyphens`);
    const isFact = ['string', 'boolean'].includes(typeof value) || Number.isFinite(value);
    assert(isFact, `${name} is ${String(value)}`);
  }
}

async function takesReadings({ plugin, node }: NodeSubject): Promise<void> {
  if (plugin.telemetry === undefined || node.noTelemetry === true) return;
  const scripted = scriptedNode(node.prints);
  const end = new AbortController();
  const timer = setTimeout(() => end.abort(), ROUND_MS);
  const samples: TelemetrySample[] = [];
  for await (const sample of plugin.telemetry(scripted.executor, end.signal)) {
    if (samples.some(({ device }) => device === sample.device)) end.abort();
    samples.push(sample);
  }
  clearTimeout(timer);
  assert(samples.length > 0, 'there are no readings');
  for (const sample of samples) assertSample(sample);
  assert.equal(scripted.running(), 0, 'a process still runs after the end');
}

const RANGES = {
  powerW: [0, 10_000],
  utilization: [0, 1],
  memoryUsedGiB: [0, 100_000],
  temperatureC: [-50, 150],
} as const;

function assertSample(sample: TelemetrySample): void {
  const { unixMs, device } = sample;
  assert(Math.abs(Date.now() - unixMs) < 60_000, `a current reading has the time ${unixMs}`);
  assert(Number.isInteger(device) && device >= 0, `a reading names device ${device}`);
  for (const [name, [least, most]] of Object.entries(RANGES)) {
    const value = sample[name as keyof typeof RANGES];
    const isThere = Object.hasOwn(sample, name);
    assert(!isThere || (value !== undefined && value >= least && value <= most), `${name} is ${value}`);
  }
}
