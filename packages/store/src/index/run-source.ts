import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { DISK } from '../disk-files.js';
import type { Source } from './rows.js';
import { JOURNAL_FILE, LINES_FILE, POINTS, RUN_FILE, runRows } from './run-rows.js';

/** A run's folder, or undefined for another one. */
export async function runSource(folder: string): Promise<Source | undefined> {
  const states = await Promise.all(
    [RUN_FILE, LINES_FILE, JOURNAL_FILE, POINTS].map((name) => stateOf(join(folder, name))),
  );
  if (states[0] === undefined) return undefined;
  return { folder, kind: 'run', state: states.join(' '), rows: () => runRows(DISK, folder) };
}

/** Size and time of a file. */
export async function stateOf(file: string): Promise<string | undefined> {
  const found = await stat(file, { bigint: true }).catch(() => undefined);
  return found && `${found.size}:${found.mtimeNs}`;
}
