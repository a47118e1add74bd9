import type { Executor, HardwarePlugin, Sku } from '@sweepline/core';
import { COUNTER_FIELD, POWER_FIELD } from './amd-smi.js';
import { container, visibleDevices } from './container.js';
import { known, lowest, type Gpu } from './gpu.js';
import { preflight } from './preflight.js';
import { hasDriver, readGpusIfAny } from './read.js';
import { PRODUCTS } from './skus.js';
import { telemetry } from './telemetry.js';

/**
 * AMD's Instinct GPUs, read through amd-smi, or rocm-smi where that is missing. The parsers follow the documented formats
 * and outputs that others published; none of this has been run on a real GPU.
 */
export const amd: HardwarePlugin = {
  kind: 'hardware',
  name: 'amd',
  apiVersion: 2,
  skus: PRODUCTS.map(({ sku }) => sku),
  container,
  visibleDevices,
  detect,
  preflight: (executor, signal) => preflight(executor, signal),
  telemetry: (executor, signal) => telemetry(executor, signal),
  powerSource: `amd-smi: ${POWER_FIELD}`,
  counterSource: `amd-smi: ${COUNTER_FIELD}`,
};

/** Without a tool a node has none of these GPUs if it has no driver either; otherwise nothing can be told. */
async function detect(executor: Executor, signal: AbortSignal): Promise<readonly Sku[] | undefined> {
  const gpus = await readGpusIfAny(executor, signal);
  if (gpus === undefined) return (await hasDriver(executor, signal)) === false ? [] : undefined;
  return PRODUCTS.flatMap(({ sku, reports }) => {
    const found = gpus.filter(({ name = '' }) => reports.test(name));
    return found.length === 0 ? [] : [asFound(sku, found)];
  });
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
