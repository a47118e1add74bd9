import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { z } from 'zod';
import { SweeplineError, messageOf } from '../errors.js';
import {
  masterConfigSchema,
  workspaceSchema,
  type ConfigEntry,
  type MasterConfig,
  type WorkspaceConfig,
} from './schema.js';
import { parseYaml, type Located } from './yaml.js';

const WORKSPACE_FILE = join('configs', 'sweepline.yaml');

/** A folder with configs/sweepline.yaml, and what that file says. */
export interface Workspace {
  readonly root: string;
  readonly file: string;
  readonly config: WorkspaceConfig;
}

/** One config entry and where it stands. */
export interface LocatedEntry {
  readonly key: string;
  readonly entry: ConfigEntry;
  readonly source: Located<MasterConfig>;
}

/**
 * The workspace at or above a folder.
 * @throws {SweeplineError} CONFIG_NOT_FOUND when there is none, CONFIG_SYNTAX or CONFIG_INVALID.
 */
export async function loadWorkspace(folder: string): Promise<Workspace> {
  const root = findRoot(resolve(folder));
  if (root === undefined) {
    throw new SweeplineError('CONFIG_NOT_FOUND', `no ${WORKSPACE_FILE} in ${folder} or above it`, {
      hint: 'Call this in a Sweepline workspace, or make one: a folder with configs/sweepline.yaml that lists plugins.',
    });
  }
  const file = join(root, WORKSPACE_FILE);
  return { root, file, config: (await loadYaml(file, workspaceSchema)).value };
}

function findRoot(folder: string): string | undefined {
  if (existsSync(join(folder, WORKSPACE_FILE))) return folder;
  const parent = dirname(folder);
  return parent === folder ? undefined : findRoot(parent);
}

/**
 * The entries of master configs, in the order of files and of keys in them.
 * @throws {SweeplineError} with all problems of all files.
 */
export async function loadMasterConfigs(files: readonly string[]): Promise<readonly LocatedEntry[]> {
  const settled = await Promise.allSettled(files.map((file) => loadYaml(file, masterConfigSchema)));
  const problems = settled.flatMap((outcome) =>
    outcome.status === 'rejected' ? [outcome.reason as unknown] : [],
  );
  if (problems.length === 1) throw problems[0];
  if (problems.length > 1) {
    throw new SweeplineError('CONFIG_INVALID', `${problems.length} config files have problems`, {
      problems: problems.map((problem) =>
        problem instanceof SweeplineError ? problem : new SweeplineError('INTERNAL', messageOf(problem)),
      ),
    });
  }
  return settled.flatMap((outcome) => (outcome.status === 'fulfilled' ? entriesOf(outcome.value) : []));
}

function entriesOf(source: Located<MasterConfig>): LocatedEntry[] {
  return Object.entries(source.value).map(([key, entry]) => ({ key, entry, source }));
}

async function loadYaml<S extends z.ZodType>(file: string, schema: S): Promise<Located<z.output<S>>> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    throw new SweeplineError('CONFIG_NOT_FOUND', `can't read ${file}: ${messageOf(cause)}`, {
      where: { file },
      cause,
    });
  }
  return parseYaml(text, file, schema);
}
