import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { messageOf } from '../errors.js';
import type { HardwarePlugin } from '../plugin/hardware.js';
import type { Executor } from '../plugin/node.js';

/** Readings of the devices during the load: one JSON object per line, `node` and the plugin's TelemetrySample. */
export const TELEMETRY_FILE = 'telemetry.ndjson';
/** Milliseconds that a plugin has to end when it is told to. */
const STOP_MS = 5_000;

export interface Telemetry {
  /** Resolves when the file is whole. Never rejects. */
  stop(): Promise<void>;
}

/** Reads the devices of all nodes while a load runs, where the hardware's plugin can. A reading that fails costs the readings alone. */
export function sampleTelemetry(
  hardware: HardwarePlugin,
  executors: readonly Executor[],
  folder: string,
  warn: (message: string) => void = () => {},
): Telemetry {
  if (hardware.telemetry === undefined) return { stop: () => Promise.resolve() };
  const stop = new AbortController();
  const file = createWriteStream(join(folder, TELEMETRY_FILE));
  file.on('error', (error) => warn(`the devices' readings can't be written: ${error.message}`));
  const follow = async (executor: Executor): Promise<void> => {
    try {
      for await (const sample of hardware.telemetry!(executor, stop.signal)) {
        if (!stop.signal.aborted) file.write(`${JSON.stringify({ node: executor.node.name, ...sample })}\n`);
      }
    } catch (thrown) {
      if (!stop.signal.aborted)
        warn(
          `hardware plugin ${hardware.name} gave no readings of ${executor.node.name}: ${messageOf(thrown)}`,
        );
    }
  };
  const following = Promise.all(executors.map(follow));
  return {
    async stop() {
      stop.abort();
      await Promise.race([following, new Promise((resolve) => setTimeout(resolve, STOP_MS).unref())]);
      await new Promise<void>((resolve) => file.end(() => resolve()));
    },
  };
}
