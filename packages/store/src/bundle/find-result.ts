import { readdir } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { isThere, SweeplineError } from '@sweepline/core';

export const RESULT_FILE = 'result.json';
export const RUN_FILE = 'run.json';
const POINTS = 'points';
/** Names that are listed in a message. */
const MOST_NAMED = 5;

/**
 * The folder of a point that a command line names: the folder itself, its result.json, or a run and the point's name or a part of it.
 * @param run a folder, or the name of a run in the folder of results
 * @throws {SweeplineError} USAGE
 */
export async function findResult(
  { cwd, resultsDir }: { readonly cwd: string; readonly resultsDir: string },
  run: string,
  point?: string,
): Promise<string> {
  const path = resolve(cwd, run);
  if (point === undefined && basename(path) === RESULT_FILE && (await isThere(path))) return dirname(path);
  if (point === undefined && (await isThere(join(path, RESULT_FILE)))) return path;
  for (const folder of [path, join(resultsDir, run)])
    if (await isThere(join(folder, RUN_FILE))) return pointOf(folder, point);
  throw new SweeplineError('USAGE', `there is no result in ${run}`, {
    hint: "Give a point's folder, such as results/<run>/points/<point>, or a run and the name of a point.",
  });
}

async function pointOf(run: string, asked = ''): Promise<string> {
  const names = (await readdir(join(run, POINTS)).catch(() => []))
    .filter((name) => !name.startsWith('.'))
    .sort();
  const found = names.includes(asked) ? [asked] : names.filter((name) => name.includes(asked));
  const [name] = found;
  if (name !== undefined && found.length === 1 && (await isThere(join(run, POINTS, name, RESULT_FILE))))
    return join(run, POINTS, name);
  const wrong = found.length === 0 ? `has no point ${asked}` : `has ${found.length} points that fit`;
  const shown = (found.length === 0 ? names : found).slice(0, MOST_NAMED).join(', ');
  throw new SweeplineError('USAGE', `${run} ${wrong}`, { hint: `Name one of its points: ${shown}` });
}
