import { constants } from 'node:fs';
import { access, mkdir, open, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join, parse } from 'node:path';
import { makeFolder } from '../make-folder.js';
import type { Mask } from '../secrets.js';
import { exportArtifacts, exportMedians } from './artifacts.js';
import { isThere } from './is-there.js';
import { filesIn, type LogFile } from './point-files.js';
import { POINTS, REPLACED, RESULT_FILE, RUN_FILE, RUNNING } from './run-folder.js';
import { appendResultLine, rebuildResultLines, sealOf, type Seal } from './result-lines.js';
import type { RunInfo } from './run-schema.js';
import { publishLog } from './server-log.js';
import { saveSkipped } from './skipped-points.js';
import type { Result, SkippedResult } from './schema.js';
import { openSession, type SessionBeginning, type SessionFiles } from './session-files.js';
import { appendWhole, toJson, writeAtomic, writing } from './write.js';

/** Files of one point next to its result. */
export interface PointFiles {
  /** Written to the point's folder as JSON, by file name. */
  readonly json: Readonly<Record<string, unknown>>;
  /** Logs of the server's processes in the point's folder; made readable to others once they are masked. */
  readonly serverLogs: readonly LogFile[];
  /** Files of its evals in the point's folder, which are treated like logs. */
  readonly evalFiles?: readonly string[];
  readonly mask: Mask;
}

/** What was saved of a point. */
export interface SavedPoint {
  /** With the names of its files. */
  readonly result: Result;
  readonly seal: Seal;
}

/**
 * A run's folder. It has `run.json`, `results.ndjson` (one line per point) and `points/<name>/` with result.json, raw.json,
 * records.jsonl, plan.json and logs; these are authoritative. Copies for InferenceX's dashboard, which imports every row that it
 * finds, have the names of InferenceX's artifacts: `bmk_<name>/agg_<name>.json` for exported results, and
 * `server_logs_<name>/server.log`. `sessions/<token>.json` says what was requested from a launcher under that token. A point's
 * folder appears complete, by one rename, when the point has ended.
 */
export interface RunStore {
  readonly folder: string;
  /** Creates the folder for a point's files while it runs. */
  openPoint(name: string): Promise<string>;
  /** The folder of a running point. */
  folderOf(name: string): string;
  /** Saves a session before anything is requested under its token, and creates a folder for it. */
  openSession(session: SessionBeginning): Promise<SessionFiles>;
  /**
   * @throws {SweeplineError} RESULT_WRITE_FAILED; what was saved before stays.
   */
  savePoint(result: Result, files: PointFiles): Promise<SavedPoint>;
  /**
   * Saves points that were never begun, all at once. Those that have a result of an earlier process keep it.
   * @returns those that were saved
   * @throws {SweeplineError} RESULT_WRITE_FAILED
   */
  saveSkipped(results: readonly SkippedResult[]): Promise<readonly SkippedResult[]>;
  /** Exports one row of each point that was measured several times. */
  exportMedians(results: readonly Result[]): Promise<void>;
  saveRun(run: RunInfo): Promise<void>;
  /** Path relative to the run's folder. */
  saveText(path: string, content: string): Promise<void>;
  saveJson(path: string, value: unknown): Promise<void>;
}

/**
 * Creates a run's folder. No other run uses it: if the name is taken, a number is appended.
 * @throws {SweeplineError} RESULT_WRITE_FAILED when the folder can't be created.
 */
export async function openRunStore(wanted: string): Promise<RunStore> {
  const folder = await writing(wanted, () => makeExclusively(wanted));
  await writing(folder, () => mkdir(join(folder, POINTS)));
  return runStoreIn(folder);
}

/** The store of a run that exists. A point that is saved again takes the place of its earlier result, whose folder is kept. */
export function runStoreIn(folder: string): RunStore {
  const running = (name: string): string => join(folder, POINTS, `${RUNNING}${name}`);
  const inTurn = createTurns();
  return {
    folder,
    openPoint: (name) =>
      writing(running(name), async () => {
        await rm(running(name), { recursive: true, force: true });
        await mkdir(running(name));
        return running(name);
      }),
    folderOf: running,
    openSession: (session) => openSession(folder, session),
    savePoint: (result, files) =>
      writing(folder, async () => {
        const saved = await fillPoint(running(result.name), result, files);
        // Points that end at the same time share results.ndjson.
        await inTurn(async () => {
          const isAgain = await putAside(folder, result.name);
          await rename(running(result.name), join(folder, POINTS, result.name));
          if (isAgain) await rebuildResultLines(folder);
          else await appendResultLine(folder, saved);
          await exportArtifacts(folder, saved, files.serverLogs, { replace: true });
        });
        return { result: saved, seal: sealOf(saved) };
      }),
    saveSkipped: (results) => writing(folder, () => inTurn(() => saveSkipped(folder, results))),
    exportMedians: (results) => writing(folder, () => exportMedians(folder, results)),
    saveRun: (run) => writing(folder, () => writeAtomic(join(folder, RUN_FILE), toJson(run))),
    saveText: (path, content) => writing(folder, () => writeAtomic(join(folder, path), content)),
    saveJson: (path, value) => writing(folder, () => writeAtomic(join(folder, path), toJson(value))),
  };
}

/** Does one piece of work after another, also after one that fails. */
function createTurns(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const own = last.then(work);
    last = own.catch(() => {});
    return own;
  };
}

/** Two sweeps may start at the same moment, or seem to after the clock was set back; mkdir succeeds for only one of them. */
async function makeExclusively(wanted: string): Promise<string> {
  await makeFolder(dirname(wanted));
  for (let number = 1; ; number++) {
    const folder = number === 1 ? wanted : `${wanted}-${number}`;
    try {
      await mkdir(folder);
      return folder;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}

async function fillPoint(
  folder: string,
  result: Result,
  { json, serverLogs, evalFiles = [], mask }: PointFiles,
): Promise<Result> {
  for (const file of [...serverLogs.map((log) => log.file), ...evalFiles])
    await publishLog(join(folder, file), mask);
  for (const [name, value] of Object.entries(json)) await writeAtomic(join(folder, name), toJson(value));
  const saved = { ...result, files: await filesIn(folder, serverLogs) };
  await writeAtomic(join(folder, RESULT_FILE), toJson(saved));
  return saved;
}

/**
 * Gives an earlier result of a point another name, which readers skip, and withdraws the row that was exported of it.
 * @returns whether there was one
 */
export async function putAside(folder: string, name: string): Promise<boolean> {
  if (!(await isThere(join(folder, POINTS, name, RESULT_FILE)))) return false;
  const names = new Set(await readdir(join(folder, POINTS)));
  let number = 1;
  while (names.has(`${REPLACED}${number}-${name}`)) number++;
  await rename(join(folder, POINTS, name), join(folder, POINTS, `${REPLACED}${number}-${name}`));
  await rm(join(folder, `bmk_${name}`), { recursive: true, force: true });
  return true;
}

/** Saves a file outside any run. @throws {SweeplineError} RESULT_WRITE_FAILED */
export function saveFile(path: string, content: string): Promise<void> {
  return writing(path, async () => {
    const isDevice = await stat(path).then(
      (found) => !found.isFile(),
      () => false,
    );
    // A rename would replace /dev/null or a pipe by a file.
    await (isDevice ? writeFile(path, content) : writeAtomic(path, content));
  });
}

/**
 * The same without replacing anything: if the name is taken, the new file gets a number.
 * @returns its path
 */
export function saveNewFile(path: string, content: string): Promise<string> {
  return writing(path, async () => {
    const { dir, name, ext } = parse(path);
    await makeFolder(dir);
    for (let number = 1; ; number++) {
      const free = number === 1 ? path : join(dir, `${name}-${number}${ext}`);
      if (!(await reserve(free))) continue;
      await writeAtomic(free, content).catch(async (error: unknown) => {
        await rm(free, { force: true });
        throw error;
      });
      return free;
    }
  });
}

/** Appends a line to a file outside any run. @throws {SweeplineError} RESULT_WRITE_FAILED */
export function appendLine(path: string, line: string): Promise<void> {
  return writing(path, async () => {
    await makeFolder(dirname(path));
    await appendWhole(path, line);
  });
}

/** Reserves a name with an empty file; false if it is taken. */
async function reserve(path: string): Promise<boolean> {
  try {
    await (await open(path, 'wx')).close();
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Creates the folder if it doesn't exist. @throws {SweeplineError} RESULT_WRITE_FAILED when it can't be written to. */
export function checkWritable(folder: string): Promise<void> {
  return writing(folder, async () => {
    await makeFolder(folder);
    await access(folder, constants.W_OK);
  });
}
