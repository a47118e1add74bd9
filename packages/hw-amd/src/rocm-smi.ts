import type { Executor } from '@sweepline/core';
import type { Gpu } from './gpu.js';
import { gib, membersOf, numberAt, parseJson, textAt } from './json.js';
import { outputOf, printedBy } from './tool.js';

const SHOW = [
  'rocm-smi',
  '--showproductname',
  '--showdriverversion',
  '--showvbios',
  '--showuse',
  '--showmeminfo',
  'vram',
  '--json',
];
const FIRMWARE = ['rocm-smi', '--showfw'];

/** For nodes without amd-smi. Power is left out: rocm-smi prints watts near zero for busy MI325X. */
export async function readRocmSmi(executor: Executor, signal: AbortSignal): Promise<Gpu[] | undefined> {
  const printed = await printedBy(executor, SHOW, signal);
  return printed === undefined ? undefined : parseCards(printed);
}

/** Version of the MEC firmware as InferenceX's scripts read it; undefined if rocm-smi is missing or prints none. */
export async function readMecFirmware(executor: Executor, signal: AbortSignal): Promise<number | undefined> {
  return parseMecFirmware((await outputOf(executor, FIRMWARE, signal))?.stdout ?? '');
}

/** From the first line with a version, because all GPUs of a node have the same. */
export function parseMecFirmware(printed: string): number | undefined {
  const version = /\bMEC firmware version:\s*(\d+)\s*$/m.exec(printed)?.[1];
  return version === undefined ? undefined : Number(version);
}

export function parseCards(printed: string): Gpu[] {
  const { system, ...cards } = membersOf(parseJson(printed));
  const driver = textAt(system, 'Driver version');
  return Object.entries(cards).flatMap(([key, card]) => {
    const index = /^card(\d+)$/.exec(key)?.[1];
    return index === undefined ? [] : { ...parseCard(card), driver, index: Number(index) };
  });
}

function parseCard(card: unknown): Omit<Gpu, 'index'> {
  const percent = numberAt(card, 'GPU use (%)');
  const memory = numberAt(card, 'VRAM Total Memory (B)');
  const used = numberAt(card, 'VRAM Total Used Memory (B)');
  return {
    name: textAt(card, 'Card Series', 'Card series'),
    vbios: textAt(card, 'VBIOS version'),
    utilization: percent === undefined ? undefined : percent / 100,
    memoryGiB: memory === undefined ? undefined : gib(memory),
    memoryUsedGiB: used === undefined ? undefined : gib(used),
  };
}
