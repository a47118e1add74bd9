import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isThere } from './is-there.js';
import { isUnmeasured, type PointEnd } from './point-end.js';
import { appendResultLines, rebuildResultLines } from './result-lines.js';
import { POINTS, RESULT_FILE, RUNNING } from './run-folder.js';
import type { SkippedResult } from './schema.js';
import { toJson, writeAtomic, writing } from './write.js';

/** Folders that are written or removed at the same time: each waits for the disk. */
const AT_ONCE = 16;

/** Gives each point a folder with its result, and all of them their lines by one write. Points that have a result keep it. */
export async function saveSkipped(
  run: string,
  results: readonly SkippedResult[],
): Promise<readonly SkippedResult[]> {
  const saved: SkippedResult[] = [];
  for (let from = 0; from < results.length; from += AT_ONCE) {
    const some = results.slice(from, from + AT_ONCE);
    const isSaved = await Promise.all(some.map((result) => savePoint(run, result)));
    saved.push(...some.filter((_, index) => isSaved[index]));
  }
  if (saved.length > 0) await appendResultLines(run, saved);
  return saved;
}

/** @returns whether it had no result before */
async function savePoint(run: string, result: SkippedResult): Promise<boolean> {
  const folder = join(run, POINTS, result.name);
  if (await isThere(join(folder, RESULT_FILE))) return false;
  const running = join(run, POINTS, `${RUNNING}${result.name}`);
  await rm(running, { recursive: true, force: true });
  await mkdir(running);
  await writeAtomic(join(running, RESULT_FILE), toJson(result));
  await rename(running, folder);
  return true;
}

/**
 * Takes back the results of points of which nothing was measured: they are planned again. Not for a run that is being measured.
 * @returns the ends of all others
 * @throws {SweeplineError} RESULT_WRITE_FAILED
 */
export async function withdrawUnmeasured(
  run: string,
  ends: readonly PointEnd[],
): Promise<readonly PointEnd[]> {
  const unmeasured = ends.filter(isUnmeasured);
  if (unmeasured.length === 0) return ends;
  await writing(run, async () => {
    for (let from = 0; from < unmeasured.length; from += AT_ONCE)
      await Promise.all(
        unmeasured
          .slice(from, from + AT_ONCE)
          .map(({ name }) => rm(join(run, POINTS, name), { recursive: true, force: true })),
      );
  });
  await rebuildResultLines(run);
  return ends.filter((end) => !isUnmeasured(end));
}
