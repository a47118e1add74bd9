import { access, readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { SweeplineError } from '../errors.js';
import { fileProblem } from '../file-problem.js';
import type { Run } from '../plugin/run.js';
import { presenceOf, type Presence } from './owner.js';
import { resultSchema, runSchema, type Result, type RunInfo } from './schema.js';
import { POINTS, RESULT_FILE, RUN_FILE, RUNNING } from './store.js';

/** A run as it was read. */
export interface StoredRun extends Run {
  /** Whether what measures a run without an end is still there. */
  readonly presence: Presence;
}

/**
 * Reads what can be read: one damaged point costs that point.
 * @throws {SweeplineError} RESULT_READ_FAILED when the run itself can't be read.
 */
export async function readRun(folder: string): Promise<StoredRun> {
  const run = await readJson(join(folder, RUN_FILE), runSchema, 'Name the folder of a run, such as results/<time>.');
  const problems: SweeplineError[] = [];
  const names = await readdir(join(folder, POINTS)).catch((cause: unknown) => {
    problems.push(notRead(join(folder, POINTS), cause));
    return [];
  });
  const found: { readonly name: string; readonly result: Result }[] = [];
  for (const name of names.filter((name) => !name.startsWith('.')).sort()) {
    const file = join(folder, POINTS, name, RESULT_FILE);
    await readJson(file, resultSchema).then(
      (result) => found.push({ name, result }),
      (problem: unknown) => problems.push(asError(problem, file)),
    );
  }
  const { results, copies } = withoutCopies(found, folder);
  return {
    folder,
    run,
    results: results.sort((a, b) => a.startedAt.localeCompare(b.startedAt)),
    begun: names
      .map((name) => (name.startsWith(RUNNING) ? name.slice(RUNNING.length) : name))
      .filter((name) => isOpen(name, run, results)),
    presence: run.process === undefined ? 'unknown' : await presenceOf(run.process),
    problems: [...problems, ...copies],
  };
}

/** Whether a name is that of a point, and no result is known by it. */
function isOpen(name: string, { pointNames }: RunInfo, results: readonly Result[]): boolean {
  return (pointNames ?? [name]).includes(name) && results.every((result) => result.name !== name);
}

/** A point is there once: in the folder of its name, whatever was copied beside it. */
function withoutCopies(
  found: readonly { readonly name: string; readonly result: Result }[],
  folder: string,
): { readonly results: Result[]; readonly copies: readonly SweeplineError[] } {
  const chosen = new Map<string, string>();
  for (const { name, result } of found) {
    if (name === result.name || !chosen.has(result.name)) chosen.set(result.name, name);
  }
  const isChosen = ({ name, result }: (typeof found)[number]): boolean => chosen.get(result.name) === name;
  return {
    results: found.filter(isChosen).map(({ result }) => result),
    copies: found
      .filter((one) => !isChosen(one))
      .map(({ name, result }) => {
        const where = { file: join(folder, POINTS, name) };
        const message = `a copy of the result of ${result.name}, which is in ${chosen.get(result.name) ?? ''}`;
        return new SweeplineError('RESULT_READ_FAILED', message, { where });
      }),
  };
}

/** The newest run in a results folder. @throws {SweeplineError} RESULT_READ_FAILED when there is none. */
export async function latestRun(resultsDir: string): Promise<string> {
  const names = (await readdir(resultsDir).catch(() => [])).sort().reverse();
  for (const name of names) {
    const folder = join(resultsDir, name);
    const found = await access(join(folder, RUN_FILE)).then(
      () => true,
      () => false,
    );
    if (found) return folder;
  }
  throw new SweeplineError('RESULT_READ_FAILED', `no run in ${resultsDir}`, {
    hint: 'Run `sweepline sweep` first, or name a run folder.',
  });
}

async function readJson<T>(
  file: string,
  schema: { parse(value: unknown): T },
  hint?: string,
): Promise<T> {
  try {
    return schema.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch (cause) {
    throw notRead(file, cause, hint);
  }
}

function notRead(file: string, cause: unknown, hint?: string): SweeplineError {
  return new SweeplineError('RESULT_READ_FAILED', `can't read it: ${fileProblem(cause)}`, {
    where: { file },
    hint,
    cause,
  });
}

function asError(thrown: unknown, file: string): SweeplineError {
  return thrown instanceof SweeplineError ? thrown : notRead(file, thrown);
}
