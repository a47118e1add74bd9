import type { Executor } from '@sweepline/core';
import type { Gpu } from './gpu.js';
import { at, gibAt, joulesAt, membersOf, numberAt, parseJson, textAt } from './json.js';
import { outputOf, printedBy } from './tool.js';

const STATIC = ['amd-smi', 'static', '--json'];
const METRIC = [
  'amd-smi',
  'metric',
  '--usage',
  '--mem-usage',
  '--power',
  '--temperature',
  '--clock',
  '--energy',
  '--json',
];
/** Key of the power that amd-smi prints: of the socket, which is the whole module. */
export const POWER_FIELD = 'power.socket_power';
/** Key of the driver's energy counter. */
export const COUNTER_FIELD = 'energy.total_energy_consumption';
const FIRMWARE = ['amd-smi', 'firmware', '--json'];

/** All that amd-smi says of the node's GPUs; undefined where it isn't installed. */
export async function readAmdSmi(executor: Executor, signal: AbortSignal): Promise<Gpu[] | undefined> {
  const described = await printedBy(executor, STATIC, signal);
  if (described === undefined) return undefined;
  const readings = parseReadings((await printedBy(executor, METRIC, signal)) ?? '[]');
  return parseDescriptions(described).map((gpu) => ({
    ...readings.find(({ index }) => index === gpu.index),
    ...gpu,
  }));
}

/** What changes from second to second; undefined where amd-smi isn't installed. */
export async function readMetrics(executor: Executor, signal: AbortSignal): Promise<Gpu[] | undefined> {
  const printed = await printedBy(executor, METRIC, signal);
  return printed === undefined ? undefined : parseReadings(printed);
}

/** Version of the first compute microcode, of which rocm-smi's `MEC` is another name. */
export async function readMecFirmware(executor: Executor, signal: AbortSignal): Promise<number | undefined> {
  const output = await outputOf(executor, FIRMWARE, signal);
  return output?.exit.code === 0 ? parseMecFirmware(output.stdout) : undefined;
}

/** Keys have changed over the versions of amd-smi, so each figure has a list of them. */
export function parseDescriptions(printed: string): Gpu[] {
  return gpusOf(printed).flatMap((gpu) => {
    const index = numberAt(gpu, 'gpu');
    if (index === undefined) return [];
    return {
      index,
      name: textAt(gpu, 'asic.market_name'),
      driver: textAt(gpu, 'driver.version', 'driver.driver_version'),
      vbios: textAt(gpu, 'vbios.version', 'vbios.vbios_version', 'ifwi.version', 'ifwi.part_number'),
      memoryGiB: gibAt(gpu, 'vram.size', 'vram.vram_size'),
      powerCapW: numberAt(gpu, 'limit.socket_power', 'limit.ppt0.socket_power_limit'),
    };
  });
}

export function parseReadings(printed: string): Gpu[] {
  return gpusOf(printed).flatMap((gpu) => {
    const index = numberAt(gpu, 'gpu');
    if (index === undefined) return [];
    const percent = numberAt(gpu, 'usage.gfx_activity');
    return {
      index,
      utilization: percent === undefined ? undefined : percent / 100,
      memoryUsedGiB: gibAt(gpu, 'mem_usage.used_vram'),
      powerW: numberAt(gpu, POWER_FIELD),
      energyJ: joulesAt(gpu, COUNTER_FIELD),
      temperatureC: numberAt(gpu, 'temperature.hotspot', 'temperature.edge'),
      clockMHz: numberAt(gpu, 'clock.gfx_0.clk'),
      clockMaxMHz: numberAt(gpu, 'clock.gfx_0.max_clk'),
    };
  });
}

export function parseMecFirmware(printed: string): number | undefined {
  const entries = gpusOf(printed).flatMap((gpu) => Object.values(membersOf(at(gpu, 'fw_list'))));
  const mec = entries.find((entry) => textAt(entry, 'fw_id', 'fw_name') === 'CP_MEC1');
  return numberAt(mec, 'fw_version');
}

/** A list, which newer versions put into an object. */
function gpusOf(printed: string): readonly unknown[] {
  const json = parseJson(printed);
  return Object.values(membersOf(Array.isArray(json) ? json : at(json, 'gpu_data')));
}
