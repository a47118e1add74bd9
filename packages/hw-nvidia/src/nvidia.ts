import type { Executor, HardwarePlugin, Sku } from '@sweepline/core';
import { container, visibleDevices } from './container.js';
import { COUNTER_SOURCE } from './counters.js';
import { preflight } from './preflight.js';
import { PRODUCTS } from './skus.js';
import { gibOf, hasDriver, queryGpusIfAny, type Row } from './smi.js';
import { POWER_FIELD, telemetry } from './telemetry.js';

/**
 * NVIDIA's GPUs of the data centre, read through nvidia-smi. The parsers follow its documented format and outputs that
 * others published; none of this has been run on a real GPU.
 */
export const nvidia: HardwarePlugin = {
  kind: 'hardware',
  name: 'nvidia',
  apiVersion: 2,
  skus: PRODUCTS.map(({ sku }) => sku),
  container,
  visibleDevices,
  detect,
  preflight: (executor, signal) => preflight(executor, signal),
  telemetry,
  powerSource: `nvidia-smi: ${POWER_FIELD}`,
  counterSource: COUNTER_SOURCE,
};

/** Without nvidia-smi a node has none of these GPUs if it has no driver either; otherwise nothing can be told. */
async function detect(executor: Executor, signal: AbortSignal): Promise<readonly Sku[] | undefined> {
  const rows = await queryGpusIfAny(executor, ['name', 'memory.total'], signal);
  if (rows === undefined) return (await hasDriver(executor, signal)) === false ? [] : undefined;
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
