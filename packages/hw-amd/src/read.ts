import type { Executor } from '@sweepline/core';
import * as amdSmi from './amd-smi.js';
import type { Gpu } from './gpu.js';
import * as rocmSmi from './rocm-smi.js';

/** The node's GPUs according to amd-smi, or to rocm-smi if that is missing; empty if both are missing. */
export async function readGpus(executor: Executor, signal: AbortSignal): Promise<readonly Gpu[]> {
  return (await readGpusIfAny(executor, signal)) ?? [];
}

/** The same, but undefined if both tools are missing. */
export async function readGpusIfAny(
  executor: Executor,
  signal: AbortSignal,
): Promise<readonly Gpu[] | undefined> {
  const gpus = await amdSmi.readAmdSmi(executor, signal);
  return gpus ?? (await rocmSmi.readRocmSmi(executor, signal));
}

/** Whether the node has AMD's compute driver, for nodes without tools; undefined if unknown. */
export async function hasDriver(executor: Executor, signal: AbortSignal): Promise<boolean | undefined> {
  const argv = ['test', '-e', '/dev/kfd'];
  const code = await executor.run({ argv }, signal).then(
    ({ exit }) => exit.code,
    () => undefined,
  );
  return code === 0 ? true : code === 1 ? false : undefined;
}

/** The fact that recipes get if neither tool reports the version of the MEC firmware. */
const UNREADABLE = 'unreadable';

/**
 * InferenceX's MI300X recipes set HSA_NO_SCRATCH_RECLAIM below version 177, and if no version can be read: RCCL can't reclaim memory there.
 * So an unreadable version is also a fact.
 */
export async function readMecFirmware(executor: Executor, signal: AbortSignal): Promise<number | string> {
  const version = await rocmSmi.readMecFirmware(executor, signal);
  return version ?? (await amdSmi.readMecFirmware(executor, signal)) ?? UNREADABLE;
}
