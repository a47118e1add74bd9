import { setTimeout as delay } from 'node:timers/promises';
import { SweeplineError, type Executor, type NodeFacts } from '@sweepline/core';
import { highest, known, lowest, type Gpu } from './gpu.js';
import { readGpus, readMecFirmware } from './read.js';

/** More than the driver itself keeps of an idle GPU, which is about 0.3 GiB. */
const IN_USE_GIB = 1;

/** A server that was just stopped may hold its GPUs for some seconds more. */
const TRIES = 30;
const PAUSE_MS = 1000;

/** Waits so many milliseconds, less when the signal aborts. */
type Wait = (ms: number, signal: AbortSignal) => Promise<unknown>;

const wait: Wait = (ms, signal) => delay(ms, undefined, { signal }).catch(() => undefined);

/** The node's facts once its GPUs are idle. @throws {SweeplineError} NODE_BUSY when they stay busy. */
export async function preflight(
  executor: Executor,
  signal: AbortSignal,
  pause: Wait = wait,
): Promise<NodeFacts> {
  for (let left = TRIES; ; left--) {
    const gpus = await readGpus(executor, signal);
    const used = highest(gpus.map(({ memoryUsedGiB }) => memoryUsedGiB));
    if (used === undefined || used < IN_USE_GIB) return await factsOf(gpus, executor, signal);
    if (left === 1) throw busyNode(executor.node.name, used);
    await pause(PAUSE_MS, signal);
  }
}

/** Figures are of the GPU that limits the others: the slowest, or the one with the most on it. */
async function factsOf(gpus: readonly Gpu[], executor: Executor, signal: AbortSignal): Promise<NodeFacts> {
  if (gpus.length === 0) return {};
  const used = highest(gpus.map(({ memoryUsedGiB }) => memoryUsedGiB));
  return known({
    'gpu-count': gpus.length,
    'gpu-name': distinct(gpus.map(({ name }) => name)),
    'driver-version': distinct(gpus.map(({ driver }) => driver)),
    'vbios-version': distinct(gpus.map(({ vbios }) => vbios)),
    'mec-firmware': await readMecFirmware(executor, signal),
    'power-limit-w': lowest(gpus.map(({ powerCapW }) => powerCapW)),
    'gfx-clock-mhz': lowest(gpus.map(({ clockMHz }) => clockMHz)),
    'gfx-clock-max-mhz': lowest(gpus.map(({ clockMaxMHz }) => clockMaxMHz)),
    'memory-used-gib': used,
    utilization: highest(gpus.map((gpu) => gpu.utilization)),
    'temperature-c': highest(gpus.map(({ temperatureC }) => temperatureC)),
    'gpus-idle': used === undefined ? undefined : true,
  });
}

function busyNode(node: string, usedGiB: number): SweeplineError {
  return new SweeplineError(
    'NODE_BUSY',
    `the GPUs of ${node} are not idle: ${usedGiB} GiB of one are in use`,
    {
      hint: 'Stop what runs there, or choose another node.',
      where: { node },
      again: true,
    },
  );
}

/** All values that occur, as a node whose GPUs differ has several. */
function distinct(values: readonly (string | undefined)[]): string | undefined {
  const texts = new Set(values.filter((value) => value !== undefined));
  return texts.size === 0 ? undefined : [...texts].join(', ');
}
