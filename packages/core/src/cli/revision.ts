import { existsSync } from 'node:fs';
import { isAbsolute, join, relative } from 'node:path';
import { SweeplineError } from '../errors.js';
import type { Revision } from '../matrix/changelog/changelog.js';
import { expandRun } from '../matrix/changelog/expand.js';
import type { App } from './app.js';
import { loadConfigs, type Configs } from './selection.js';

/** Which configs the sweep of a changelog reads, at any revision. */
export interface ConfigOptions {
  readonly configFiles?: readonly string[];
  readonly runnerConfig?: string;
}

/** Default locations of master configs; AMD's come first, as in InferenceX. */
const FOLDERS = ['.github/configs', 'configs'];
const MASTERS = ['amd-master.yaml', 'nvidia-master.yaml'];

/** @throws {SweeplineError} USAGE if master configs are neither given nor in their default location. */
export function masterConfigs({ cwd }: App, { configFiles }: ConfigOptions): readonly string[] {
  if (configFiles !== undefined) return configFiles.map((file) => movable(cwd, file));
  const found = MASTERS.flatMap((name) => {
    const file = FOLDERS.map((folder) => join(folder, name)).find((path) => existsSync(join(cwd, path)));
    return file === undefined ? [] : [file];
  });
  if (found.length > 0) return found;
  throw new SweeplineError('USAGE', `no ${MASTERS.join(' or ')} in ${FOLDERS.join(' or ')}`, {
    hint: 'Name master configs with --config-files.',
  });
}

/** A path that is also valid in the folders of other revisions. */
function movable(cwd: string, path: string): string {
  return isAbsolute(path) ? relative(cwd, path) : path;
}

/** The configs below a folder, and how to expand them. */
export async function loadRevision(
  app: App,
  masters: readonly string[],
  { runnerConfig }: ConfigOptions,
  cwd: string,
): Promise<Revision> {
  const configs = await loadConfigs({ ...app, cwd }, masters, {
    ...(runnerConfig === undefined ? {} : { runnerConfig: movable(app.cwd, runnerConfig) }),
    required: false,
  });
  return revisionOf(configs);
}

/** Configs that have been read, and how to expand them. */
export function revisionOf({ entries, dialect, runners }: Configs): Revision {
  return {
    dialect,
    entries: new Map(entries.map(({ key, entry }) => [key, entry])),
    expand: (run) => expandRun(run, entries, runners, dialect),
  };
}
