import type { Executor } from '@sweepline/core';
import * as amdSmi from './amd-smi.js';
import type { Gpu } from './gpu.js';
import * as rocmSmi from './rocm-smi.js';

/** The node's GPUs as amd-smi tells them, or rocm-smi where that is missing; none where neither is there. */
export async function readGpus(executor: Executor, signal: AbortSignal): Promise<readonly Gpu[]> {
  return (await readGpusIfAny(executor, signal)) ?? [];
}

/** The same, and undefined where neither tool is there. */
export async function readGpusIfAny(
  executor: Executor,
  signal: AbortSignal,
): Promise<readonly Gpu[] | undefined> {
  const gpus = await amdSmi.readAmdSmi(executor, signal);
  return gpus ?? (await rocmSmi.readRocmSmi(executor, signal));
}

/** Whether the node has AMD's driver for computing, for nodes without tools; undefined where that can't be told. */
export async function hasDriver(executor: Executor, signal: AbortSignal): Promise<boolean | undefined> {
  const argv = ['test', '-e', '/dev/kfd'];
  const code = await executor.run({ argv }, signal).then(
    ({ exit }) => exit.code,
    () => undefined,
  );
  return code === 0 ? true : code === 1 ? false : undefined;
}

/** What recipes find where neither tool tells the version of the MEC firmware. */
const UNREADABLE = 'unreadable';

/**
 * InferenceX's MI300X recipes set HSA_NO_SCRATCH_RECLAIM below version 177, and where there is none to read: RCCL can't
 * reclaim memory there. So a version that can't be read is a fact, too.
 */
export async function readMecFirmware(executor: Executor, signal: AbortSignal): Promise<number | string> {
  const version = await rocmSmi.readMecFirmware(executor, signal);
  return version ?? (await amdSmi.readMecFirmware(executor, signal)) ?? UNREADABLE;
}
