import { setTimeout as delay } from 'node:timers/promises';
import type { Executor, TelemetrySample } from '@sweepline/core';
import { readMetrics } from './amd-smi.js';
import { known, type Gpu } from './gpu.js';

const PERIOD_MS = 1000;

/** Waits so many milliseconds, less when the signal aborts. */
type Wait = (ms: number, signal: AbortSignal) => Promise<unknown>;

const wait: Wait = (ms, signal) => delay(ms, undefined, { signal }).catch(() => undefined);

/**
 * Readings of all GPUs once a second until the signal aborts. Each is a run of amd-smi of its own: with `--watch` some
 * versions print no JSON at all.
 */
export async function* telemetry(
  executor: Executor,
  signal: AbortSignal,
  pause: Wait = wait,
): AsyncGenerator<TelemetrySample> {
  while (!signal.aborted) {
    const started = performance.now();
    const gpus = await readUnlessAborted(executor, signal);
    const unixMs = Date.now();
    for (const gpu of gpus) yield sampleOf(gpu, unixMs);
    await pause(Math.max(0, PERIOD_MS - (performance.now() - started)), signal);
  }
}

async function readUnlessAborted(executor: Executor, signal: AbortSignal): Promise<readonly Gpu[]> {
  try {
    const gpus = await readMetrics(executor, signal);
    if (gpus !== undefined) return gpus;
  } catch (error) {
    if (signal.aborted) return [];
    throw error;
  }
  throw new Error(`${executor.node.name} has no amd-smi, which telemetry is read from`);
}

function sampleOf(gpu: Gpu, unixMs: number): TelemetrySample {
  const { index, powerW, energyJ, utilization, memoryUsedGiB, temperatureC } = gpu;
  return { unixMs, device: index, ...known({ powerW, energyJ, utilization, memoryUsedGiB, temperatureC }) };
}
