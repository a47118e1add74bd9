import type { Executor, HardwarePlugin, NodeFacts, Sku } from '@sweepline/core';
import { PRODUCTS } from './skus.js';
import { gibOf, numberOf, queryComputeProcesses, queryGpus, shareOf, type Row } from './smi.js';
import { telemetry } from './telemetry.js';

/** More than the driver itself keeps of an idle GPU. */
const IN_USE_GIB = 1;

/** Facts that are text; a node whose GPUs differ has all their values. */
const TEXT_FACTS = {
  'gpu-name': 'name',
  'driver-version': 'driver_version',
  'vbios-version': 'vbios_version',
} as const;

type Read = (value: string | undefined) => number | undefined;
type Pick = (...values: number[]) => number;

/** Facts that are numbers, of the GPU that limits the others: the slowest, or the one with the most on it. */
const NUMBER_FACTS = {
  'power-limit-w': ['power.limit', numberOf, Math.min],
  'sm-clock-mhz': ['clocks.sm', numberOf, Math.min],
  'sm-clock-max-mhz': ['clocks.max.sm', numberOf, Math.min],
  'memory-clock-mhz': ['clocks.mem', numberOf, Math.min],
  'memory-used-gib': ['memory.used', gibOf, Math.max],
  utilization: ['utilization.gpu', shareOf, Math.max],
  'temperature-c': ['temperature.gpu', numberOf, Math.max],
} as const satisfies Record<string, readonly [string, Read, Pick]>;

type Facts = Readonly<Partial<Record<keyof typeof NUMBER_FACTS, number>>>;
type NumberField = (typeof NUMBER_FACTS)[keyof typeof NUMBER_FACTS][0];
type Field = (typeof TEXT_FACTS)[keyof typeof TEXT_FACTS] | NumberField;

const FIELDS: readonly Field[] = [
  ...Object.values(TEXT_FACTS),
  ...Object.values(NUMBER_FACTS).map(([field]) => field),
];

/**
 * NVIDIA's GPUs of the data centre, read through nvidia-smi. The parsers follow its documented format and outputs that
 * others published; none of this has been run on a real GPU.
 */
export const nvidia: HardwarePlugin = {
  kind: 'hardware',
  name: 'nvidia',
  apiVersion: 1,
  skus: PRODUCTS.map(({ sku }) => sku),
  detect,
  preflight,
  telemetry,
};

async function detect(executor: Executor, signal: AbortSignal): Promise<readonly Sku[]> {
  const rows = await queryGpus(executor, ['name', 'memory.total'], signal);
  return PRODUCTS.flatMap(({ sku, reports }) => {
    const found = rows.filter(({ name = '' }) => reports.test(name));
    return found.length === 0 ? [] : [asFound(sku, found)];
  });
}

/** A SKU with the number of GPUs that a node has, and the memory of the smallest. */
function asFound(sku: Sku, rows: readonly Row<'name' | 'memory.total'>[]): Sku {
  const memory = rows.flatMap((row) => gibOf(row['memory.total']) ?? []);
  const date = new Date().toISOString().slice(0, 10);
  return {
    ...sku,
    devicesPerNode: rows.length,
    ...(memory.length === 0 ? {} : { memoryGiB: Math.min(...memory) }),
    sources: [{ what: `nvidia-smi on the node: ${rows[0]?.name ?? ''}`, date }, ...sku.sources],
  };
}

async function preflight(executor: Executor, signal: AbortSignal): Promise<NodeFacts> {
  const rows = await queryGpus(executor, FIELDS, signal);
  if (rows.length === 0) return {};
  const processes = await queryComputeProcesses(executor, signal);
  const load = numberFacts(rows);
  return {
    'gpu-count': rows.length,
    ...textFacts(rows),
    ...load,
    'compute-processes': processes.length,
    'gpus-idle': processes.length === 0 && !inUse(load),
  };
}

/** Processes of other containers aren't listed, but what they do to the GPUs is seen. */
function inUse({ 'memory-used-gib': used, utilization }: Facts): boolean {
  return (used ?? 0) >= IN_USE_GIB || (utilization ?? 0) > 0;
}

function textFacts(rows: readonly Row<Field>[]): NodeFacts {
  const facts = Object.entries(TEXT_FACTS).map(([fact, field]) => {
    const values = new Set(rows.flatMap((row) => row[field] ?? []));
    return [fact, [...values].join(', ')] as const;
  });
  return Object.fromEntries(facts.filter(([, value]) => value !== ''));
}

function numberFacts(rows: readonly Row<Field>[]): Facts {
  const facts = Object.entries(NUMBER_FACTS).flatMap(([fact, [field, read, pick]]) => {
    const values = rows.flatMap((row) => read(row[field]) ?? []);
    return values.length === 0 ? [] : [[fact, pick(...values)] as const];
  });
  return Object.fromEntries(facts);
}
