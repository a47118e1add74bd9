import { join, resolve } from 'node:path';
import { SweeplineError } from '../errors.js';
import { isThere } from '../results/is-there.js';
import { RUN_FILE } from '../results/run-folder.js';
import type { App } from './app.js';
import { inWorkspace } from './options.js';

/** Name of the results folder outside a workspace. */
const RESULTS = 'results';

/** The folder for runs: the given one, else the workspace's, else `results` here. */
export async function resultsDirOf(app: App, given: string | undefined): Promise<string> {
  if (given !== undefined) return resolve(app.cwd, given);
  try {
    const workspace = await app.workspace();
    return inWorkspace(workspace, workspace.config['results-dir']);
  } catch (error) {
    if (error instanceof SweeplineError && error.code === 'CONFIG_NOT_FOUND') return join(app.cwd, RESULTS);
    throw error;
  }
}

/** The folder of a run by its path, or by its name in the results folder. @throws {SweeplineError} RESULT_READ_FAILED */
export async function findRun(app: App, given: string, resultsDir?: string): Promise<string> {
  const folders = [resolve(app.cwd, given), join(await resultsDirOf(app, resultsDir), given)];
  for (const folder of folders) {
    if (await isThere(join(folder, RUN_FILE))) return folder;
  }
  throw new SweeplineError(
    'RESULT_READ_FAILED',
    `there is no run ${given}: looked for ${folders.join(', ')}`,
    {
      hint: '`sweepline runs` lists them.',
    },
  );
}

/** `20260131T235959.123Z`: sorts by time. */
export function timestamp(date: Date): string {
  return date.toISOString().replaceAll(/[-:]/g, '');
}
