import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { isCompleted, isValid } from '../results/collect.js';
import { presenceOf } from '../results/owner.js';
import { readResultLines } from '../results/result-lines.js';
import { POINTS, RUN_FILE, RUNNING } from '../results/run-folder.js';
import { runSchema, type RunInfo } from '../results/run-schema.js';
import type { Result } from '../results/schema.js';
import { readJson } from '../results/stored-json.js';
import { openSessionsOf, type OpenSession } from './left-sessions.js';
import { STATUS_FILE, statusSchema, type StatusFile } from './status-schema.js';

/** How a run stands. `killed`: its process ended without a word; `unseen`: it can't be seen from here whether it has. */
export type Standing = RunInfo['state'] | 'killed' | 'unseen';

/** A run as its folder says, whether or not it is being measured. */
export interface RunStatus {
  readonly name: string;
  readonly folder: string;
  readonly standing: Standing;
  readonly run: RunInfo;
  /** Numbers of points; `left` have no result, or were interrupted or skipped. `invalid` are among the completed ones. */
  readonly points: {
    readonly all: number;
    readonly completed: number;
    readonly invalid: number;
    readonly failed: number;
    readonly rejected: number;
    readonly left: number;
  };
  /** Names of points that have begun and not ended. */
  readonly begun: readonly string[];
  /** Sessions that may hold nodes. */
  readonly sessions: readonly OpenSessionInfo[];
  /** What its process says of itself, some seconds old; only while it runs. */
  readonly now?: StatusFile;
}

/** Its handle is what the launcher calls what it has got; missing before it has. */
export type OpenSessionInfo = Omit<OpenSession, 'run' | 'file'>;

/** @throws {SweeplineError} RESULT_READ_FAILED */
export async function statusOf(folder: string): Promise<RunStatus> {
  const run = await readJson(join(folder, RUN_FILE), runSchema);
  const { lines } = await readResultLines(folder);
  const results = lines.map(({ result }) => result);
  const completed = results.filter(isCompleted);
  const inState = (wanted: Result['state']): number => results.filter(({ state }) => state === wanted).length;
  const [failed, rejected] = [inState('failed'), inState('rejected')];
  const open = (await readdir(join(folder, POINTS)).catch(() => [])).filter((name) =>
    name.startsWith(RUNNING),
  );
  const standing = await standingOf(run);
  const now =
    standing === 'running'
      ? await readJson(join(folder, STATUS_FILE), statusSchema).catch(() => undefined)
      : undefined;
  return {
    name: basename(folder),
    folder,
    standing,
    run,
    points: {
      all: run.points,
      completed: completed.length,
      invalid: completed.filter((result) => !isValid(result)).length,
      ...{ failed, rejected },
      left: Math.max(0, run.points - completed.length - failed - rejected),
    },
    begun: open.map((name) => name.slice(RUNNING.length)),
    sessions: (await openSessionsOf(folder)).map(({ run: _, file: __, ...session }) => session),
    ...(now !== undefined && { now }),
  };
}

async function standingOf({ state, process }: RunInfo): Promise<Standing> {
  if (state !== 'running') return state;
  const presence = process === undefined ? 'unknown' : await presenceOf(process);
  return presence === 'here' ? 'running' : presence === 'gone' ? 'killed' : 'unseen';
}

/** Runs of a results folder, the newest first. Folders that are none are left out. */
export async function runsIn(resultsDir: string): Promise<readonly RunStatus[]> {
  const names = (await readdir(resultsDir).catch(() => [])).sort().reverse();
  const found = await Promise.all(
    names.map((name) => statusOf(join(resultsDir, name)).catch(() => undefined)),
  );
  return found.filter((status) => status !== undefined);
}
