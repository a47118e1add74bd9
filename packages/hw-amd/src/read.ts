import type { Executor } from '@sweepline/core';
import * as amdSmi from './amd-smi.js';
import type { Gpu } from './gpu.js';
import * as rocmSmi from './rocm-smi.js';

/** The node's GPUs as amd-smi tells them, or rocm-smi where that is missing; none where neither is there. */
export async function readGpus(executor: Executor, signal: AbortSignal): Promise<readonly Gpu[]> {
  const gpus = await amdSmi.readAmdSmi(executor, signal);
  return gpus ?? (await rocmSmi.readRocmSmi(executor, signal)) ?? [];
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
