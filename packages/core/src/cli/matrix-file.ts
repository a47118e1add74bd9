import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { text as readAll } from 'node:stream/consumers';
import type { Command } from 'commander';
import { SweeplineError } from '../errors.js';
import { fileProblem } from '../file-problem.js';
import { flagOf } from '../matrix/describe.js';
import type { Job } from '../matrix/job.js';
import { readMatrix, type ReadMatrix } from '../matrix/read.js';
import type { App } from './app.js';
import { startedFor } from './since.js';
import { FILTERS, loadConfigs, type Selection } from './selection.js';

/** The jobs of a matrix JSON. @param file `-` is stdin @throws {SweeplineError} CONFIG_NOT_FOUND, CONFIG_SYNTAX, CONFIG_INVALID */
export async function jobsOfMatrix(app: Pick<App, 'cwd'>, file: string): Promise<readonly Job[]> {
  return (await matrixIn(app, file)).jobs;
}

async function matrixIn(app: Pick<App, 'cwd'>, file: string): Promise<ReadMatrix> {
  return readMatrix(await contentOf(app, file), file);
}

/** @throws {SweeplineError} USAGE if configs or filters are given as well: a matrix is what they make. */
export async function selectionOfMatrix(
  app: App,
  file: string,
  { command, config }: { readonly command: Command; readonly config: readonly string[] },
): Promise<Selection> {
  const others = [...FILTERS, 'configFiles', 'runnerConfig', 'since', 'changelogFile'];
  const given = others.filter((name) => command.getOptionValueSource(name) === 'cli').map(flagOf);
  if (config.length + given.length > 0) {
    throw new SweeplineError(
      'USAGE',
      `--matrix has the jobs: it can't be given with ${[...config, ...given].join(', ')}`,
      { hint: 'Leave them out, or filter with `sweepline matrix`.' },
    );
  }
  const { jobs, changelog } = await matrixIn(app, file);
  const { runners, dialect } = await loadConfigs(app, [], { required: false });
  return {
    configFiles: [],
    entries: [],
    nodes: runners.labels,
    jobs,
    dialect,
    ...(changelog !== undefined && { changelog: startedFor(changelog) }),
    whyNothing: () => `${file} has no jobs`,
  };
}

async function contentOf({ cwd }: Pick<App, 'cwd'>, file: string): Promise<string> {
  try {
    return file === '-' ? await readAll(process.stdin) : await readFile(resolve(cwd, file), 'utf8');
  } catch (thrown) {
    throw new SweeplineError('CONFIG_NOT_FOUND', `can't read ${file}: ${fileProblem(thrown)}`, {
      where: { file },
    });
  }
}
