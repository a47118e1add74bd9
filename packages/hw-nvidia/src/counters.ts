import type { Executor } from '@sweepline/core';

/**
 * NVML's number of a GPU, which is nvidia-smi's as well (DCGM has its own), and the energy in mJ that the driver has counted since it
 * was loaded. Source: DCGM_FI_DEV_NVML_INDEX and DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION, dcgmlib/dcgm_fields.h of NVIDIA/DCGM.
 */
const FIELDS = '52,156';
export const COUNTER_SOURCE = 'dcgmi: DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION';
/** DCGM's host engine and dcgmi read on their own, so that a printed count may be a period older, ms. */
const PERIOD_MS = 100;
/** An older count belongs to another moment than a reading of now, ms. */
const FRESH_MS = 500;
const STOP_GRACE_MS = 1000;
const MJ_PER_J = 1000;
const DCGMI = ['dcgmi', 'dmon', '-e', FIELDS, '-d', String(PERIOD_MS)];

/** A GPU by its number on the node, and what its driver has counted, J. */
export interface EnergyCount {
  readonly device: number;
  readonly energyJ: number;
}

/** The drivers' energy counters of a node's GPUs: nvidia-smi doesn't print them. */
export interface EnergyCounters {
  /** J; undefined where there is no count of about that time. */
  at(device: number, unixMs: number): number | undefined;
  stop(): Promise<void>;
}

/** Follows dcgmi. There are no counts where it is missing, has no host engine to ask, or has ended. Never rejects. */
export function followCounters(executor: Executor, signal: AbortSignal): EnergyCounters {
  const counts = new Map<number, { readonly unixMs: number; readonly energyJ: number }>();
  const starting = executor.spawn({ argv: DCGMI }, signal).catch(() => undefined);
  const read = async (): Promise<void> => {
    for await (const line of (await starting)?.lines() ?? []) {
      const count = parseCount(line);
      if (count !== undefined) counts.set(count.device, { unixMs: Date.now(), energyJ: count.energyJ });
    }
  };
  const reading = read().catch(() => {});
  return {
    at(device, unixMs) {
      const count = counts.get(device);
      return count !== undefined && unixMs - count.unixMs <= FRESH_MS ? count.energyJ : undefined;
    },
    async stop() {
      await (await starting)?.stop(STOP_GRACE_MS);
      await reading;
    },
  };
}

/** A line of output as a count; undefined for headings, messages, MIG's instances, and GPUs without a value (`N/A`). */
export function parseCount(line: string): EnergyCount | undefined {
  const [, device, millijoules] = /^GPU \d+\s+(\d+)\s+(\d+)\s*$/.exec(line) ?? [];
  if (device === undefined || millijoules === undefined) return undefined;
  return { device: Number(device), energyJ: Number(millijoules) / MJ_PER_J };
}
