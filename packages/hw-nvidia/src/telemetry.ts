import type { Executor, ProcessHandle, TelemetrySample } from '@sweepline/core';
import { followCounters, type EnergyCounters } from './counters.js';
import { gibOf, numberOf, parseRow, queryArgv, shareOf } from './smi.js';

const STOP_GRACE_MS = 1000;

/**
 * On these GPUs the mean of the board's power over the last second, which is what InferenceX reads; power.draw.instant is another
 * figure.
 */
export const POWER_FIELD = 'power.draw';

const FIELDS = ['index', POWER_FIELD, 'utilization.gpu', 'memory.used', 'temperature.gpu'] as const;

/**
 * Readings of all GPUs once a second until the signal aborts. Readings carry the time of their arrival: nvidia-smi's own is local and names no zone.
 */
export async function* telemetry(executor: Executor, signal: AbortSignal): AsyncGenerator<TelemetrySample> {
  if (signal.aborted) return;
  const smi = await executor.spawn({ argv: [...queryArgv(FIELDS), '--loop=1'] }, signal);
  const counters = followCounters(executor, signal);
  let ended: Promise<unknown> | undefined;
  const stop = () => (ended ??= smi.stop(STOP_GRACE_MS));
  const onAbort = () => void stop();
  signal.addEventListener('abort', onAbort);
  try {
    for await (const line of smi.lines()) {
      if (stopped(signal)) return;
      const sample = parseSample(line, Date.now());
      if (sample !== undefined) yield withCount(sample, counters);
    }
    if (!stopped(signal)) throw new Error(await whyItEnded(executor, smi));
  } finally {
    signal.removeEventListener('abort', onAbort);
    await Promise.all([stop(), counters.stop()]);
  }
}

function withCount(sample: TelemetrySample, counters: EnergyCounters): TelemetrySample {
  const energyJ = counters.at(sample.device, sample.unixMs);
  return energyJ === undefined ? sample : { ...sample, energyJ };
}

/** A line of output as a reading; undefined when it isn't one. */
export function parseSample(line: string, unixMs: number): TelemetrySample | undefined {
  const row = parseRow(line, FIELDS);
  const device = numberOf(row?.index);
  if (row === undefined || device === undefined) return undefined;
  const readings = {
    powerW: numberOf(row[POWER_FIELD]),
    utilization: shareOf(row['utilization.gpu']),
    memoryUsedGiB: gibOf(row['memory.used']),
    temperatureC: numberOf(row['temperature.gpu']),
  };
  const known = Object.entries(readings).filter(([, value]) => value !== undefined);
  return { unixMs, device, ...Object.fromEntries(known) };
}

/** Asked anew each time: it changes while the process is waited for. */
function stopped(signal: AbortSignal): boolean {
  return signal.aborted;
}

async function whyItEnded(executor: Executor, smi: ProcessHandle): Promise<string> {
  const { code, signal } = await smi.exited;
  const how = code === undefined ? `signal ${signal ?? 'unknown'}` : `exit code ${code}`;
  return `nvidia-smi on ${executor.node.name} ended with ${how}: ${smi.errorTail().trim()}`;
}
