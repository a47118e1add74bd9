import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { SweeplineError } from '../errors.js';
import type { Run } from '../plugin/run.js';
import { inOrderOf } from './in-order.js';
import { isThere } from './is-there.js';
import { presenceOf, type Presence } from './owner.js';
import { readPoints } from './read-points.js';
import { withMedianExported } from './repeats.js';
import { RUN_FILE, RUNNING } from './run-folder.js';
import { runSchema, type RunInfo } from './run-schema.js';
import type { Result } from './schema.js';
import { readJson } from './stored-json.js';

/** A run as read from its folder. */
export interface StoredRun extends Run {
  /** Whether the process that measures an unfinished run still exists. */
  readonly presence: Presence;
}

/**
 * Reads what is readable in a run's folder, for versions 1 and 2: a damaged point affects only itself. Members that this version
 * doesn't know are kept.
 * @throws {SweeplineError} RESULT_READ_FAILED when the run itself can't be read.
 */
export async function readRun(folder: string): Promise<StoredRun> {
  const run = await readJson(
    join(folder, RUN_FILE),
    runSchema,
    'Give the folder of a run, such as results/<time>.',
  );
  const { names, found, problems } = await readPoints(folder);
  const results = found.map(({ result }) => result);
  return {
    folder,
    run,
    results: withMedianExported(
      inOrderOf(
        run.pointNames ?? [],
        results.toSorted((a, b) => a.startedAt.localeCompare(b.startedAt)),
      ),
      run.state !== 'running',
    ),
    begun: names
      .map((name) => (name.startsWith(RUNNING) ? name.slice(RUNNING.length) : name))
      .filter((name) => isOpen(name, run, results)),
    presence: run.process === undefined ? 'unknown' : await presenceOf(run.process),
    problems,
  };
}

/** Whether a point with this name exists but has no result. */
function isOpen(name: string, { pointNames }: RunInfo, results: readonly Result[]): boolean {
  return (pointNames ?? [name]).includes(name) && results.every((result) => result.name !== name);
}

/** The newest run in a results folder. @throws {SweeplineError} RESULT_READ_FAILED when there is none. */
export async function latestRun(resultsDir: string): Promise<string> {
  const names = (await readdir(resultsDir).catch(() => [])).sort().reverse();
  for (const name of names) {
    const folder = join(resultsDir, name);
    if (await isThere(join(folder, RUN_FILE))) return folder;
  }
  throw new SweeplineError('RESULT_READ_FAILED', `no run in ${resultsDir}`, {
    hint: "Run `sweepline sweep` first, or give a run's folder.",
  });
}
