import type { Readings, RunRecord } from '@sweepline/core';
import { numberColumn, textColumn, type TableData } from '../site/table.js';
import { rounded } from './request-table.js';

interface Sample {
  /** From the window's begin. */
  readonly ms: number;
  readonly source: string;
  readonly name: string;
  readonly value: number;
}

/** Names of what servers report, by core's names of the quantities; others keep core's. */
const SERVER_NAMES: Readonly<Record<string, string>> = { kvCacheUse: 'kv_usage', waiting: 'queue' };

/**
 * What was read from devices and from the server.
 * @param most rows: where there are more, one of every `step` readings of a source and name is kept
 */
export function sampleTable(
  record: RunRecord,
  readings: Readings | undefined,
  most: number,
): { readonly table: TableData; readonly step: number } {
  const all = [...deviceSamples(record, readings), ...serverSamples(record)];
  const step = Math.max(1, Math.ceil(all.length / most));
  const samples = step === 1 ? all : thinned(all, step);
  return {
    table: {
      rows: samples.length,
      columns: {
        ms: numberColumn(samples.map(({ ms }) => rounded(ms))),
        source: textColumn(samples.map(({ source }) => source)),
        name: textColumn(samples.map(({ name }) => name)),
        value: numberColumn(samples.map(({ value }) => value)),
      },
    },
    step,
  };
}

function* deviceSamples(
  { originUnixMs, window }: RunRecord,
  readings: Readings | undefined,
): Iterable<Sample> {
  if (readings === undefined) return;
  const nodes = new Set(readings.devices.map(({ node }) => node));
  // How far the client's clock, which the window is in, is ahead of the readings'.
  const offsetMs = readings.clocks.find(({ offsetMs: known }) => known !== undefined)?.offsetMs ?? 0;
  const used = new Set(readings.devices.map(({ node, device }) => JSON.stringify([node, device])));
  for (const { node, device, unixMs, powerW, memoryUsedGiB } of readings.samples) {
    if (!used.has(JSON.stringify([node, device]))) continue;
    const source = nodes.size > 1 ? `${node}:${device}` : String(device);
    const ms = unixMs + offsetMs - originUnixMs - window.startMs;
    if (powerW !== undefined) yield { ms, source, name: 'power_w', value: powerW };
    if (memoryUsedGiB !== undefined) yield { ms, source, name: 'memory_used_gib', value: memoryUsedGiB };
  }
}

function* serverSamples({ server, window }: RunRecord): Iterable<Sample> {
  if (server === undefined) return;
  for (const [quantity, values] of Object.entries(server.columns)) {
    const name = SERVER_NAMES[quantity] ?? quantity;
    for (const [index, value] of values.entries()) {
      const at = server.timesMs[index];
      if (value !== null && at !== undefined)
        yield { ms: at - window.startMs, source: 'server', name, value };
    }
  }
}

function thinned(all: readonly Sample[], step: number): readonly Sample[] {
  const seen = new Map<string, number>();
  return all.filter(({ source, name }) => {
    const key = JSON.stringify([source, name]);
    const count = seen.get(key) ?? 0;
    seen.set(key, count + 1);
    return count % step === 0;
  });
}
