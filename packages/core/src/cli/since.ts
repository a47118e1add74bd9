import type { Command } from 'commander';
import { findWorkspace } from '../config/plugin-names.js';
import { SweeplineError } from '../errors.js';
import type { ChangelogMetadata } from '../matrix/changelog/buckets.js';
import { changelogMatrix } from '../matrix/changelog/changelog.js';
import { jobsOfChangelog } from '../matrix/changelog/jobs.js';
import { keyMatcher } from '../matrix/changelog/keys.js';
import { flagOf } from '../matrix/describe.js';
import type { StartedFor } from '../results/changelog-schema.js';
import type { App } from './app.js';
import { createGit } from './git.js';
import { inWorkspace } from './options.js';
import { loadRevision, masterConfigs, revisionOf } from './revision.js';
import { FILTERS, loadConfigs, type Selection, type SelectionOptions } from './selection.js';

/** The changelog of a repository that follows InferenceX's layout. */
export const CHANGELOG = 'perf-changelog.yaml';

export interface SinceOptions extends Pick<SelectionOptions, 'configFiles' | 'runnerConfig'> {
  readonly since?: string;
  readonly changelogFile?: string;
}

/**
 * The jobs that entries of the changelog ask for which were added after a revision; undefined if none was.
 * @throws {SweeplineError} USAGE, GIT_FAILED, or why the changelog can't be followed
 */
export async function jobsSince(
  app: App,
  command: Command,
  config: readonly string[],
  { since = '', changelogFile: file = CHANGELOG, ...options }: SinceOptions,
): Promise<Selection | undefined> {
  const given = FILTERS.filter((name) => command.getOptionValueSource(name) === 'cli').map(flagOf);
  if (given.length > 0) {
    throw new SweeplineError(
      'USAGE',
      `--since takes the jobs that the changelog asks for, and not ${given.join(', ')}`,
      {
        hint: 'Leave the filters out.',
      },
    );
  }
  const masters = await changelogMasters(app, [...config, ...(options.configFiles ?? [])]);
  const git = createGit(app.cwd, app.signal);
  const [baseRef, headRef] = [await git.commitOf(since), await git.commitOf('HEAD')];
  const diff = await git.diff(baseRef, headRef, file);
  if (diff === '') return undefined;
  const configs = await loadConfigs(app, masters, {
    ...(options.runnerConfig !== undefined && { runnerConfig: options.runnerConfig }),
    required: false,
  });
  const matrix = await changelogMatrix({
    ...{ file, baseRef, headRef, diff, logger: app.logger, head: revisionOf(configs) },
    base: () => git.withConfigsAt(since, (folder) => loadRevision(app, masters, options, folder)),
  });
  const { configFiles, entries, runners } = configs;
  const changelog = startedFor(
    matrix.changelog_metadata,
    entries.map(({ key }) => key),
  );
  const named = new Set(changelog.entries.flatMap((entry) => entry['config-keys']));
  return {
    configFiles,
    entries: entries.filter(({ key }) => named.has(key)),
    changelog,
    nodes: runners.labels,
    jobs: jobsOfChangelog(matrix),
    dialect: configs.dialect,
    whyNothing: () => `what was added to ${file} since ${since} asks for no job`,
  };
}

/** @param keys of all config entries; without them patterns stay as they are */
export function startedFor(
  { base_ref: baseRef, head_ref: headRef, entries }: ChangelogMetadata,
  keys?: readonly string[],
): StartedFor {
  return {
    ...{ baseRef, headRef },
    entries: entries.map(({ description, ...entry }) => {
      const matchers = entry['config-keys'].map(keyMatcher);
      return {
        'config-keys': keys?.filter((key) => matchers.some((isNamed) => isNamed(key))) ?? [
          ...entry['config-keys'],
        ],
        description: [...description],
        'pr-link': entry['pr-link'],
        'evals-only': entry['evals-only'],
      };
    }),
  };
}

/**
 * Master configs that a changelog's keys are looked up in: those given, else the workspace's, else those of InferenceX's layout.
 * @throws {SweeplineError} USAGE if there are none
 */
export async function changelogMasters(app: App, given: readonly string[]): Promise<readonly string[]> {
  const files = given.length > 0 ? given : await workspaceConfigs(app);
  return masterConfigs(app, files.length > 0 ? { configFiles: files } : {});
}

async function workspaceConfigs(app: App): Promise<readonly string[]> {
  if (findWorkspace(app.cwd) === undefined) return [];
  const workspace = await app.workspace();
  return workspace.config['default-configs'].map((file) => inWorkspace(workspace, file));
}
