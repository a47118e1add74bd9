import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { FIELD } from '../config/fields.js';
import { loadMasterConfigs, loadRunnerConfig } from '../config/load.js';
import type { RunnerConfig } from '../config/model.js';
import { SweeplineError } from '../errors.js';
import type { Revision } from '../matrix/changelog/changelog.js';
import { expandRun } from '../matrix/changelog/expand.js';

/** The config files of a changelog's sweep, as given or found. */
export interface ConfigFiles {
  readonly masters: readonly string[];
  readonly runners: string | undefined;
}

/** Where configs are when no option names them; AMD's come first, as in InferenceX. */
const FOLDERS = ['.github/configs', 'configs'];
const MASTERS = ['amd-master.yaml', 'nvidia-master.yaml'];
const RUNNERS = 'runners.yaml';

const NO_RUNNERS: RunnerConfig = { [FIELD.labels]: {}, [FIELD.hardware]: {} };

/** @throws {SweeplineError} USAGE when master configs are neither given nor where they are by default. */
export function findConfigFiles(
  cwd: string,
  given: { readonly configFiles?: readonly string[]; readonly runnerConfig?: string },
): ConfigFiles {
  const found = (name: string) =>
    FOLDERS.map((folder) => `${folder}/${name}`).find((file) => existsSync(join(cwd, file)));
  const masters = given.configFiles ?? MASTERS.map(found).filter((file) => file !== undefined);
  if (masters.length > 0) return { masters, runners: given.runnerConfig ?? found(RUNNERS) };
  throw new SweeplineError('USAGE', `no ${MASTERS.join(' or ')} in ${FOLDERS.join(' or ')}`, {
    hint: 'Name master configs with --config-files.',
  });
}

/** The configs under a folder, and how they expand. */
export async function loadRevision({ masters, runners }: ConfigFiles, cwd: string): Promise<Revision> {
  const located = await loadMasterConfigs(masters, cwd);
  const dialect = located[0]?.entry.dialect ?? '2026-02';
  const runnerConfig = runners === undefined ? NO_RUNNERS : await loadRunnerConfig(runners, dialect, cwd);
  return {
    dialect,
    entries: new Map(located.map(({ key, entry }) => [key, entry])),
    expand: (run) => expandRun(run, located, runnerConfig, dialect),
  };
}
