import { readdir } from 'node:fs/promises';
import type { ResultFiles } from './schema.js';

/** Files in a point's folder next to its result, by their names in results. */
export const POINT_FILES = {
  plan: 'plan.json',
  load: 'load.json',
  raw: 'raw.json',
  records: 'records.jsonl',
  telemetry: 'telemetry.ndjson',
} as const satisfies Record<Exclude<keyof ResultFiles, 'logs'>, string>;

export type LogFile = NonNullable<ResultFiles['logs']>[number];

/** The names of the files that exist in a point's folder. */
export async function filesIn(folder: string, logs: readonly LogFile[]): Promise<ResultFiles> {
  const there = new Set(await readdir(folder));
  const named = Object.entries(POINT_FILES).filter(([, file]) => there.has(file));
  return { ...Object.fromEntries(named), ...(logs.length === 0 ? {} : { logs: [...logs] }) };
}
