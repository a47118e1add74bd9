import type { Executor, HardwarePlugin, NodeFacts, Sku } from '@sweepline/core';
import * as amdSmi from './amd-smi.js';
import { known, type Gpu } from './gpu.js';
import * as rocmSmi from './rocm-smi.js';
import { PRODUCTS } from './skus.js';
import { telemetry } from './telemetry.js';

/** More than the driver itself keeps of an idle GPU, which is about 0.3 GiB. */
const IN_USE_GIB = 1;

/**
 * AMD's Instinct GPUs, read through amd-smi, or rocm-smi where that is missing. The parsers follow the documented formats
 * and outputs that others published; none of this has been run on a real GPU.
 */
export const amd: HardwarePlugin = {
  kind: 'hardware',
  name: 'amd',
  apiVersion: 1,
  skus: PRODUCTS.map(({ sku }) => sku),
  detect,
  preflight,
  telemetry: (executor, signal) => telemetry(executor, signal),
};

async function detect(executor: Executor, signal: AbortSignal): Promise<readonly Sku[]> {
  const gpus = await readGpus(executor, signal);
  return PRODUCTS.flatMap(({ sku, reports }) => {
    const found = gpus.filter(({ name = '' }) => reports.test(name));
    return found.length === 0 ? [] : [asFound(sku, found)];
  });
}

async function readGpus(executor: Executor, signal: AbortSignal): Promise<readonly Gpu[]> {
  const gpus = await amdSmi.readAmdSmi(executor, signal);
  return gpus ?? (await rocmSmi.readRocmSmi(executor, signal)) ?? [];
}

/** A SKU with the number of GPUs that a node has, and the memory of the smallest. */
function asFound(sku: Sku, gpus: readonly Gpu[]): Sku {
  const date = new Date().toISOString().slice(0, 10);
  return {
    ...sku,
    devicesPerNode: gpus.length,
    ...known({ memoryGiB: lowest(gpus.map(({ memoryGiB }) => memoryGiB)) }),
    sources: [{ what: `the tools of the node: ${gpus[0]?.name ?? ''}`, date }, ...sku.sources],
  };
}

/** Figures are of the GPU that limits the others: the slowest, or the one with the most on it. */
async function preflight(executor: Executor, signal: AbortSignal): Promise<NodeFacts> {
  const gpus = await readGpus(executor, signal);
  if (gpus.length === 0) return {};
  const used = highest(gpus.map(({ memoryUsedGiB }) => memoryUsedGiB));
  const utilization = highest(gpus.map((gpu) => gpu.utilization));
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
    utilization,
    'temperature-c': highest(gpus.map(({ temperatureC }) => temperatureC)),
    'gpus-idle': idle(used, utilization),
  });
}

/**
 * InferenceX's MI300X recipes set HSA_NO_SCRATCH_RECLAIM below version 177, and where there is none to read: RCCL can't
 * reclaim memory there.
 */
async function readMecFirmware(executor: Executor, signal: AbortSignal): Promise<number | undefined> {
  const version = await rocmSmi.readMecFirmware(executor, signal);
  return version ?? (await amdSmi.readMecFirmware(executor, signal));
}

/** Whether nothing runs on the GPUs; a server that waits has memory but no load. */
function idle(usedGiB: number | undefined, utilization: number | undefined): boolean | undefined {
  if (usedGiB === undefined || utilization === undefined) return undefined;
  return usedGiB < IN_USE_GIB && utilization === 0;
}

function lowest(values: readonly (number | undefined)[]): number | undefined {
  const numbers = values.filter((value) => value !== undefined);
  return numbers.length === 0 ? undefined : Math.min(...numbers);
}

function highest(values: readonly (number | undefined)[]): number | undefined {
  const numbers = values.filter((value) => value !== undefined);
  return numbers.length === 0 ? undefined : Math.max(...numbers);
}

/** All values that occur, as a node whose GPUs differ has several. */
function distinct(values: readonly (string | undefined)[]): string | undefined {
  const texts = new Set(values.filter((value) => value !== undefined));
  return texts.size === 0 ? undefined : [...texts].join(', ');
}
