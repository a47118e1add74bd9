import type { Result, ResultFiles } from '@sweepline/core';

/** Names of a point's files in runs whose results don't name them: those of version 1. */
const OLD_NAMES: Omit<ResultFiles, 'logs'> = {
  plan: 'plan.json',
  load: 'load.json',
  raw: 'raw.json',
  records: 'records.jsonl',
  telemetry: 'telemetry.ndjson',
};

/** The files of a point, of which `there` are the names that exist. */
export function filesOf({ files }: Pick<Result, 'files'>, there: Iterable<string>): ResultFiles {
  if (files !== undefined) return files;
  const names = new Set(there);
  return Object.fromEntries(Object.entries(OLD_NAMES).filter(([, name]) => names.has(name)));
}
