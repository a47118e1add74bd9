import { readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { SweeplineError } from '../errors.js';
import { artifactFoldersOf, exportArtifacts } from './artifacts.js';
import { logsIn } from './point-files.js';
import { endOf, type PointEnd } from './point-end.js';
import { isEnded } from './read-points.js';
import { rebuildResultLines, sealedLines, type Seal } from './result-lines.js';
import { POINTS, RESULT_FILE, RUNNING } from './run-folder.js';
import { resultSchema } from './schema.js';
import { readJson } from './stored-json.js';
import { writing } from './write.js';

/** What a journal says of a point that was saved. */
export interface SealedPoint {
  readonly seal: Seal;
  readonly end: PointEnd;
}

export interface MendedRun {
  /** Of each point that has ended. */
  readonly ends: readonly PointEnd[];
  /** What lies among the points and can't be read as a result. */
  readonly problems: readonly SweeplineError[];
}

/**
 * Finishes what the end of a process interrupted while it saved points: those whose results are whole get their place, and what is made
 * of results is made where it is missing. Not for a run that is being measured.
 * @param sealed points of which all is known to have been saved, so that nothing of them has to be looked at, by name
 * @throws {SweeplineError} RESULT_WRITE_FAILED
 */
export async function mendRun(
  run: string,
  sealed: ReadonlyMap<string, SealedPoint> = new Map(),
): Promise<MendedRun> {
  const points = join(run, POINTS);
  return writing(run, async () => {
    const names = new Set(await readdir(points));
    for (const open of [...names].filter((name) => name.startsWith(RUNNING))) {
      const name = open.slice(RUNNING.length);
      if (!names.has(name) && (await isWhole(join(points, open), name)))
        await rename(join(points, open), join(points, name));
    }
    const settled = await sealedLines(run, sealed);
    const whole = new Set([POINTS, ...[...settled.names].flatMap(artifactFoldersOf)]);
    await removeHalfWritten(run, (folder) => whole.has(folder));
    const ended = (await readdir(points)).filter(isEnded);
    if (
      settled.isAll &&
      ended.length === settled.names.size &&
      ended.every((name) => settled.names.has(name))
    )
      return { ends: ended.map((name) => sealed.get(name)!.end), problems: [] };
    const { lines, problems } = await rebuildResultLines(run, settled.results());
    const results = lines.map(({ result }) => result);
    for (const result of results.filter(({ name }) => !settled.names.has(name)))
      await exportArtifacts(run, result, await logsIn(join(run, POINTS, result.name), result), {
        replace: false,
      });
    return { ends: results.map(endOf), problems };
  });
}

/** What is written under another name until it is whole. */
const HALF_WRITTEN = /(?:\.[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|^server\.log|^run\.json\.\d+)\.tmp$/;

/** Folders of points that have a result are whole, and others are emptied when their points begin again. */
async function removeHalfWritten(folder: string, isWhole: (name: string) => boolean): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const { name } = entry;
    if (HALF_WRITTEN.test(name)) await rm(join(folder, name), { recursive: true, force: true });
    else if (entry.isDirectory() && !isWhole(name)) await removeHalfWritten(join(folder, name), () => false);
  }
}

/** A point's result is written last. */
async function isWhole(folder: string, name: string): Promise<boolean> {
  const result = await readJson(join(folder, RESULT_FILE), resultSchema).catch(() => undefined);
  return result?.name === name;
}
