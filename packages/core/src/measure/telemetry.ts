import { createWriteStream, type WriteStream } from 'node:fs';
import { join } from 'node:path';
import { messageOf } from '../errors.js';
import {
  TELEMETRY_SCHEMA,
  type ClockComparison,
  type DeviceSample,
  type Readings,
  type UsedDevice,
} from '../metrics/energy/readings.js';
import type { HardwarePlugin } from '../plugin/hardware.js';
import type { Executor } from '../plugin/node.js';
import { clockSetMs, compareClock } from './compare-clock.js';
import { createFreshness, type Freshness } from './freshness.js';

/** Readings of the devices during the load, a JSON object per line: what they are of, then samples, and comparisons of clocks. */
export const TELEMETRY_FILE = 'telemetry.ndjson';
/** Milliseconds that a plugin has to end when it is told to. */
const STOP_MS = 5_000;

export interface Telemetry {
  /**
   * For right before the load and right after it: compares the clock of the client's machine with this one's, and waits until all
   * devices have been read since, so that the readings reach beyond the load on both sides. Never rejects.
   */
  bracket(): Promise<void>;
  /** Resolves with all readings when the file is whole; with none where nothing can be read. Never rejects. */
  stop(): Promise<Readings | undefined>;
}

export interface TelemetryOf {
  readonly hardware: HardwarePlugin;
  readonly executors: readonly Executor[];
  readonly devices: readonly UsedDevice[];
  /** The node on which the client runs. */
  readonly client: Executor;
}

/** Reads the devices of all nodes while a load runs, where the hardware's plugin can. A reading that fails costs the readings alone. */
export function sampleTelemetry(
  of: TelemetryOf,
  folder: string,
  warn: (message: string) => void = () => {},
): Telemetry {
  const { hardware, executors, devices, client } = of;
  if (hardware.telemetry === undefined)
    return { bracket: async () => {}, stop: () => Promise.resolve(undefined) };
  const stop = new AbortController();
  const setMs = clockSetMs();
  const { powerSource: source, counterSource } = hardware;
  const sources = {
    ...(source !== undefined && { source }),
    ...(counterSource !== undefined && { counterSource }),
  };
  const file = openFile(folder, warn);
  const put = (line: object): unknown => file.write(`${JSON.stringify(line)}\n`);
  put({ schema: TELEMETRY_SCHEMA, ...sources, devices });
  const samples: DeviceSample[] = [];
  const clocks: ClockComparison[] = [];
  const freshness = createFreshness();
  const follow = (executor: Executor): Promise<void> =>
    followNode(executor, of, stop.signal, { samples, put, freshness, warn });
  const following = Promise.all(executors.map(follow));
  let stopped: Promise<Readings> | undefined;
  const end = async (): Promise<Readings> => {
    stop.abort();
    await Promise.race([following, new Promise((resolve) => setTimeout(resolve, STOP_MS).unref())]);
    await new Promise<void>((resolve) => file.end(() => resolve()));
    return { ...sources, devices, clocks, samples };
  };
  return {
    async bracket() {
      if (devices.length === 0) return;
      const [clock] = await Promise.all([compareClock(client, setMs, stop.signal), freshness.next(devices)]);
      clocks.push(clock);
      put({ clock });
    },
    stop: () => (stopped ??= end()),
  };
}

interface Taken {
  readonly samples: DeviceSample[];
  readonly put: (line: object) => unknown;
  readonly freshness: Freshness;
  readonly warn: (message: string) => void;
}

async function followNode(
  executor: Executor,
  { hardware }: TelemetryOf,
  signal: AbortSignal,
  { samples, put, freshness, warn }: Taken,
): Promise<void> {
  const { name: node } = executor.node;
  try {
    for await (const sample of hardware.telemetry!(executor, signal)) {
      if (signal.aborted) continue;
      samples.push({ node, ...sample });
      put({ node, ...sample });
      freshness.seen(node, sample.device);
    }
  } catch (thrown) {
    if (!signal.aborted)
      warn(`hardware plugin ${hardware.name} gave no readings of ${node}: ${messageOf(thrown)}`);
  } finally {
    freshness.ended(node);
  }
}

function openFile(folder: string, warn: (message: string) => void): WriteStream {
  const file = createWriteStream(join(folder, TELEMETRY_FILE));
  file.on('error', (error) => warn(`the devices' readings can't be written: ${error.message}`));
  return file;
}
