import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { SweeplineError, toSweeplineError } from '../errors.js';
import { POINTS, RESULT_FILE } from './run-folder.js';
import { resultSchema, type Result } from './schema.js';
import { notRead, readJson } from './stored-json.js';

/** A result and the folder that it was read from. */
export interface FoundPoint {
  /** Name of the folder in `points/`. */
  readonly name: string;
  readonly result: Result;
}

export interface StoredPoints {
  /** Names of all entries in `points/`. */
  readonly names: readonly string[];
  /** Each point once. */
  readonly found: readonly FoundPoint[];
  /** Entries in `points/` that are not results, or can't be read. */
  readonly problems: readonly SweeplineError[];
}

/**
 * Reads the points of a run's folder: a damaged point affects only itself.
 * @param known results that needn't be read again, by the name of their folder in `points/`
 */
export async function readPoints(
  folder: string,
  known: ReadonlyMap<string, Result> = new Map(),
): Promise<StoredPoints> {
  const problems: SweeplineError[] = [];
  const names = await readdir(join(folder, POINTS)).catch((cause: unknown) => {
    problems.push(notRead(join(folder, POINTS), cause));
    return [];
  });
  const found: FoundPoint[] = [];
  for (const name of names.filter(isEnded).sort()) {
    const result = known.get(name) ?? (await readResult(folder, name));
    if (result instanceof SweeplineError) problems.push(result);
    else found.push({ name, result });
  }
  const { chosen, copies } = withoutCopies(found, folder);
  return { names, found: chosen, problems: [...problems, ...copies] };
}

/** A point's result, or the error. */
function readResult(folder: string, name: string): Promise<Result | SweeplineError> {
  const file = join(folder, POINTS, name, RESULT_FILE);
  return readJson(file, resultSchema).catch((thrown: unknown) =>
    toSweeplineError(thrown, 'RESULT_READ_FAILED'),
  );
}

/** Whether a folder belongs to a point that has ended: until then its name begins with a dot. */
export function isEnded(name: string): boolean {
  return !name.startsWith('.');
}

/** Each point counts once, in the folder with its name; copies next to it are dropped. */
function withoutCopies(
  found: readonly FoundPoint[],
  folder: string,
): { readonly chosen: readonly FoundPoint[]; readonly copies: readonly SweeplineError[] } {
  const places = new Map<string, string>();
  for (const { name, result } of found) {
    if (name === result.name || !places.has(result.name)) places.set(result.name, name);
  }
  const isChosen = ({ name, result }: FoundPoint): boolean => places.get(result.name) === name;
  return {
    chosen: found.filter(isChosen),
    copies: found
      .filter((one) => !isChosen(one))
      .map(({ name, result }) => {
        const where = { file: join(folder, POINTS, name) };
        const message = `a copy of the result of ${result.name}, which is in ${places.get(result.name) ?? ''}`;
        return new SweeplineError('RESULT_READ_FAILED', message, { where });
      }),
  };
}
