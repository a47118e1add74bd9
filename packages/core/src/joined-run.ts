import { copyFile, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { SweeplineError } from './errors.js';
import { makeFolder } from './make-folder.js';
import { saveSummary } from './report/save-summary.js';
import { adoptPoint } from './results/adopt-point.js';
import { inOrderOf } from './results/in-order.js';
import { isThere } from './results/is-there.js';
import { mendRun } from './results/mend-run.js';
import { readResultLines, rebuildResultLines } from './results/result-lines.js';
import { LINES_FILE, PARTS, POINTS, RUN_FILE } from './results/run-folder.js';
import { runSchema, type RunInfo } from './results/run-schema.js';
import type { Result } from './results/schema.js';
import { runStoreIn } from './results/store.js';
import { readJson } from './results/stored-json.js';
import { toJson, writeAtomic, writing } from './results/write.js';
import { JOURNAL_FILE } from './schedule/journal.js';
import { lockRun, type LockOptions } from './schedule/lock.js';
import type { PartPoint, RunPart } from './run-part.js';

/** A run that is put together from parts that were measured elsewhere. Disposing lets others write it. */
export interface JoinedRun extends AsyncDisposable {
  /** Parts that it has, by name. */
  readonly parts: ReadonlyMap<string, RunInfo>;
  /** Results that it has, by name. */
  readonly results: ReadonlyMap<string, Result>;
  /** Keeps what a part says of itself. */
  addPart(name: string, part: RunPart): Promise<void>;
  /** Copies a point, in the place of an earlier result of it. */
  adopt(point: PartPoint): Promise<void>;
  /** Writes what is made of all points: results.ndjson, rows, reports, and run.json at the end. */
  close(run: RunInfo): Promise<void>;
}

/**
 * Opens a joined run, or makes the folder of a new one.
 * @throws {SweeplineError} USAGE if the folder is something else, RUN_BUSY, RESULT_WRITE_FAILED
 */
export async function openJoinedRun(folder: string, options: LockOptions = {}): Promise<JoinedRun> {
  await refuseOther(folder);
  await writing(folder, () => makeFolder(join(folder, PARTS)));
  await writing(folder, () => makeFolder(join(folder, POINTS)));
  const lock = await lockRun(folder, options);
  try {
    await mendRun(folder);
    const { lines } = await readResultLines(folder);
    return {
      parts: await partsIn(folder),
      results: new Map(lines.map(({ result }) => [result.name, result])),
      addPart: (name, part) => writing(folder, () => savePart(join(folder, PARTS, name), part)),
      async adopt({ folder: from, result }) {
        // Until it is written anew, readers read the points themselves.
        await writing(folder, () => rm(join(folder, LINES_FILE), { force: true }));
        await adoptPoint(folder, from, result);
      },
      async close(run) {
        await rebuildResultLines(folder);
        const found = (await readResultLines(folder)).lines.map(({ result }) => result);
        const results = inOrderOf(run.pointNames ?? [], found);
        await saveSummary(runStoreIn(folder), { run, results });
      },
      [Symbol.asyncDispose]: () => lock[Symbol.asyncDispose](),
    };
  } catch (error) {
    await lock[Symbol.asyncDispose]();
    throw error;
  }
}

/** Nothing is added to a run that was measured here, or to anything else. */
async function refuseOther(folder: string): Promise<void> {
  const names = await readdir(folder).catch((error: unknown): string[] => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw new SweeplineError('USAGE', `${folder} is no folder`, { cause: error });
  });
  if (names.length > 0 && !names.includes(PARTS))
    throw new SweeplineError('USAGE', `${folder} is not a joined run, and stays as it is`, {
      hint: 'Choose another name.',
    });
}

async function partsIn(folder: string): Promise<ReadonlyMap<string, RunInfo>> {
  const parts = new Map<string, RunInfo>();
  for (const name of (await readdir(join(folder, PARTS))).sort()) {
    const file = join(folder, PARTS, name, RUN_FILE);
    if (await isThere(file)) parts.set(name, await readJson(file, runSchema));
  }
  return parts;
}

/** Its run.json comes last: a part that has it is whole. */
async function savePart(target: string, { folder, run }: RunPart): Promise<void> {
  await makeFolder(target);
  const journal = join(folder, JOURNAL_FILE);
  if (await isThere(journal)) await copyFile(journal, join(target, JOURNAL_FILE));
  await writeAtomic(join(target, RUN_FILE), toJson(run));
}
