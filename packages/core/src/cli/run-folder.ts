import { join, resolve } from 'node:path';
import { SweeplineError } from '../errors.js';
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

/** `20260131T235959.123Z`: sorts by time. */
export function timestamp(date: Date): string {
  return date.toISOString().replaceAll(/[-:]/g, '');
}
