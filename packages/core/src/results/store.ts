import { constants } from 'node:fs';
import { access, mkdir, open, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join, parse } from 'node:path';
import { makeFolder } from '../make-folder.js';
import type { Mask } from '../secrets.js';
import { isCompleted } from './collect.js';
import { filesIn, type LogFile } from './point-files.js';
import { POINTS, RESULT_FILE, RUN_FILE, RUNNING } from './run-folder.js';
import { appendResultLine } from './result-lines.js';
import type { RunInfo } from './run-schema.js';
import { joinLogs, publishLog } from './server-log.js';
import type { Result } from './schema.js';
import { openSession, type SessionBeginning, type SessionFiles } from './session-files.js';
import { withheldReason } from './withheld.js';
import { appendWhole, toJson, writeAtomic, writing } from './write.js';

/** Files of one point next to its result. */
export interface PointFiles {
  /** Written into the point's folder as JSON, by file name. */
  readonly json: Readonly<Record<string, unknown>>;
  /** Logs of the server's processes that are in the point's folder; made readable to others once they are masked. */
  readonly serverLogs: readonly LogFile[];
  readonly mask: Mask;
}

/**
 * A run's folder:
 * `run.json`, `results.ndjson` (a line per point), `points/<name>/` with result.json, raw.json, records.jsonl, plan.json and logs (the truth), and, named as
 * InferenceX's artifacts, `bmk_<name>/agg_<name>.json` of results that are not held back and `server_logs_<name>/server.log` (copies for its
 * dashboard, which takes every row that it finds). `sessions/<token>.json` says what was asked of a launcher under that token.
 * A point's folder appears whole, by one rename, when the point has ended.
 */
export interface RunStore {
  readonly folder: string;
  /** Makes the folder in which a point's files are gathered while it runs. */
  openPoint(name: string): Promise<string>;
  /** The folder of a running point. */
  folderOf(name: string): string;
  /** Saves a session before anything is asked for under its token, and makes a folder for it. */
  openSession(session: SessionBeginning): Promise<SessionFiles>;
  /**
   * @returns the result as it was saved: with the names of its files
   * @throws {SweeplineError} RESULT_WRITE_FAILED; what was saved before stays.
   */
  savePoint(result: Result, files: PointFiles): Promise<Result>;
  saveRun(run: RunInfo): Promise<void>;
  /** Path relative to the run's folder. */
  saveText(path: string, content: string): Promise<void>;
  saveJson(path: string, value: unknown): Promise<void>;
}

/**
 * Makes a run's folder. It is this run's alone: where another one has the name, a number is put behind it.
 * @throws {SweeplineError} RESULT_WRITE_FAILED when the folder can't be made.
 */
export async function openRunStore(wanted: string): Promise<RunStore> {
  const folder = await writing(wanted, () => makeExclusively(wanted));
  const running = (name: string): string => join(folder, POINTS, `${RUNNING}${name}`);
  await writing(folder, () => mkdir(join(folder, POINTS)));
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
        await rename(running(result.name), join(folder, POINTS, result.name));
        await appendResultLine(folder, result.name, saved);
        await exportArtifacts(folder, saved, files);
        return saved;
      }),
    saveRun: (run) => writing(folder, () => writeAtomic(join(folder, RUN_FILE), toJson(run))),
    saveText: (path, content) => writing(folder, () => writeAtomic(join(folder, path), content)),
    saveJson: (path, value) => writing(folder, () => writeAtomic(join(folder, path), toJson(value))),
  };
}

/** Two sweeps may start in the same moment, also by a clock that was set back; mkdir succeeds for one of them. */
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
  { json, serverLogs, mask }: PointFiles,
): Promise<Result> {
  for (const { file } of serverLogs) await publishLog(join(folder, file), mask);
  for (const [name, value] of Object.entries(json)) await writeAtomic(join(folder, name), toJson(value));
  const saved = { ...result, files: await filesIn(folder, serverLogs) };
  await writeAtomic(join(folder, RESULT_FILE), toJson(saved));
  return saved;
}

async function exportArtifacts(folder: string, result: Result, { serverLogs }: PointFiles): Promise<void> {
  const { name } = result;
  if (isCompleted(result) && withheldReason(result) === undefined) {
    await writeAtomic(join(folder, `bmk_${name}`, `agg_${name}.json`), toJson(result.row));
  }
  if (serverLogs.length > 0) {
    const paths = serverLogs.map(({ file }) => join(folder, POINTS, name, file));
    await joinLogs(paths, join(folder, `server_logs_${name}`, 'server.log'));
  }
}

/** A file of its own, outside of any run. @throws {SweeplineError} RESULT_WRITE_FAILED */
export function saveFile(path: string, content: string): Promise<void> {
  return writing(path, async () => {
    const isDevice = await stat(path).then(
      (found) => !found.isFile(),
      () => false,
    );
    // A rename would put a file in the place of /dev/null or a pipe.
    await (isDevice ? writeFile(path, content) : writeAtomic(path, content));
  });
}

/**
 * The same where nothing is to be replaced: a file that is there already keeps its name, and the new one gets a number.
 * @returns the path that it got
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

/** Appends a line to a file of its own, outside of any run. @throws {SweeplineError} RESULT_WRITE_FAILED */
export function appendLine(path: string, line: string): Promise<void> {
  return writing(path, async () => {
    await makeFolder(dirname(path));
    await appendWhole(path, line);
  });
}

/** Takes a name by an empty file; false where another one has it. */
async function reserve(path: string): Promise<boolean> {
  try {
    await (await open(path, 'wx')).close();
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Makes the folder where it isn't there. @throws {SweeplineError} RESULT_WRITE_FAILED when nothing can be written to it. */
export function checkWritable(folder: string): Promise<void> {
  return writing(folder, async () => {
    await makeFolder(folder);
    await access(folder, constants.W_OK);
  });
}
