import { setTimeout as delay } from 'node:timers/promises';
import { SweeplineError, type Executor, type NodeFacts } from '@sweepline/core';
import { gibOf, numberOf, queryComputeProcesses, queryGpus, shareOf, type Row } from './smi.js';

/** More than the driver itself keeps of an idle GPU. */
const IN_USE_GIB = 1;

/** A server that was just stopped may hold its GPUs for some seconds more. */
const TRIES = 30;
const PAUSE_MS = 1000;

/** Waits so many milliseconds, less when the signal aborts. */
type Wait = (ms: number, signal: AbortSignal) => Promise<unknown>;

const wait: Wait = (ms, signal) => delay(ms, undefined, { signal }).catch(() => undefined);

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
 * The node's facts once its GPUs are idle.
 * @throws {SweeplineError} NODE_BUSY when they stay busy, NODE_UNFIT when MIG divides one.
 */
export async function preflight(
  executor: Executor,
  signal: AbortSignal,
  pause: Wait = wait,
): Promise<NodeFacts> {
  await refuseDivided(executor, signal);
  for (let left = TRIES; ; left--) {
    const { facts, busy } = await readNode(executor, signal);
    if (busy === undefined) return facts;
    if (left === 1) throw busyNode(executor.node.name, busy);
    await pause(PAUSE_MS, signal);
  }
}

/** A process gets one instance of a divided GPU, while memory and power are read of all of it. */
async function refuseDivided(executor: Executor, signal: AbortSignal): Promise<void> {
  const gpus = await queryGpus(executor, ['index', 'mig.mode.current'], signal);
  const divided = gpus.flatMap((row) => (row['mig.mode.current'] === 'Enabled' ? (row.index ?? []) : []));
  if (divided.length === 0) return;
  const { name } = executor.node;
  throw new SweeplineError('NODE_UNFIT', `MIG divides GPU ${divided.join(', ')} of ${name}`, {
    hint: 'Turn MIG off there (nvidia-smi -mig 0, as root), or choose another node.',
    where: { node: name },
  });
}

async function readNode(
  executor: Executor,
  signal: AbortSignal,
): Promise<{ readonly facts: NodeFacts; readonly busy?: string }> {
  const rows = await queryGpus(executor, FIELDS, signal);
  if (rows.length === 0) return { facts: {} };
  const processes = await queryComputeProcesses(executor, signal);
  const numbers = numberFacts(rows);
  const busy = whyBusy(processes, numbers);
  return {
    facts: { 'gpu-count': rows.length, ...textFacts(rows), ...numbers, 'gpus-idle': busy === undefined },
    ...(busy === undefined ? {} : { busy }),
  };
}

/**
 * Processes of other containers aren't listed, but their memory is seen. Utilization alone says nothing: reading a GPU that
 * no driver daemon keeps awake counts as work.
 */
function whyBusy(processes: readonly number[], { 'memory-used-gib': used = 0 }: Facts): string | undefined {
  if (processes.length > 0) return `processes ${processes.join(', ')} compute on them`;
  return used >= IN_USE_GIB ? `${used} GiB of one are in use` : undefined;
}

function busyNode(node: string, why: string): SweeplineError {
  return new SweeplineError('NODE_BUSY', `the GPUs of ${node} are not idle: ${why}`, {
    hint: 'Stop what runs there, or choose another node.',
    where: { node },
    again: true,
  });
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
