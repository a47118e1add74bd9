import { readdir } from 'node:fs/promises';
import type { Result, ResultFiles } from './schema.js';

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

/** A result's logs that are in its point's folder: users may have removed them, as they are large. */
export async function logsIn(folder: string, { files }: Pick<Result, 'files'>): Promise<readonly LogFile[]> {
  const there = new Set(await readdir(folder, { recursive: true }));
  return (files?.logs ?? []).filter(({ file }) => there.has(file));
}
