import { readFile, readdir, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import { presenceOf } from '../results/owner.js';
import { RUN_FILE, SESSIONS } from '../results/run-folder.js';
import { runSchema } from '../results/run-schema.js';
import { readJson } from '../results/stored-json.js';
import { toJson, writeAtomic, writing } from '../results/write.js';
import { readEndedSessions } from './journal.js';

const sessionSchema = z.looseObject({
  token: z.string().regex(/^[0-9a-f]{32}$/),
  runner: z.string(),
  launcher: z.string(),
  state: z.enum(['open', 'ended']),
  handle: z.string().optional(),
});

/** A session that has not ended, or was open when its Sweepline ended: then something may be left of it. */
export interface OpenSession {
  /** Name of its run. */
  readonly run: string;
  readonly file: string;
  readonly token: string;
  readonly runner: string;
  readonly launcher: string;
  readonly handle?: string;
}

/**
 * Open sessions of all runs in a folder whose Sweepline has ended. Sessions of a process that can't be seen from here (on another
 * host, in another container, before the last boot) may still be in use and are left out; so are files that can't be read.
 */
export async function openSessions(resultsDir: string, taken?: TakenRun): Promise<readonly OpenSession[]> {
  const names = await readdir(resultsDir).catch(() => []);
  const found = await Promise.all(
    names.map((name) => {
      const run = join(resultsDir, name);
      return name === taken?.name ? openSessionsOf(run, taken.ended) : sessionsOfEnded(run);
    }),
  );
  return found.flat();
}

/** A run that this process has taken over: its Sweepline is known to have ended. */
export interface TakenRun {
  readonly name: string;
  /** Tokens of sessions of which nothing is left. */
  readonly ended: ReadonlySet<string>;
}

/**
 * Records in its file that a session has ended, and removes what its launcher kept here. @throws {SweeplineError}
 * RESULT_WRITE_FAILED
 */
export function markEnded({ file }: OpenSession): Promise<void> {
  return writing(file, async () => {
    await rm(file.replace(/\.json$/, ''), { recursive: true, force: true });
    const session = JSON.parse(await readFile(file, 'utf8')) as object;
    await writeAtomic(file, toJson({ ...session, state: 'ended' }));
  });
}

async function sessionsOfEnded(run: string): Promise<readonly OpenSession[]> {
  const info = await readJson(join(run, RUN_FILE), runSchema).catch(() => undefined);
  if (info?.process === undefined || (await presenceOf(info.process)) !== 'gone') return [];
  return openSessionsOf(run);
}

/**
 * Those of a run, whoever measures it.
 * @param known tokens of sessions of which nothing is left, where the run's journal has been read
 */
export async function openSessionsOf(
  run: string,
  known?: ReadonlySet<string>,
): Promise<readonly OpenSession[]> {
  const folder = join(run, SESSIONS);
  const names = await readdir(folder).catch(() => []);
  if (names.length === 0) return [];
  const ended = known ?? (await readEndedSessions(run));
  const files = names.filter(
    (name) => name.endsWith(JSON_FILE) && !ended.has(name.slice(0, -JSON_FILE.length)),
  );
  const sessions = await Promise.all(files.map((name) => openSession(join(folder, name))));
  return sessions.flat();
}

const JSON_FILE = '.json';

async function openSession(file: string): Promise<readonly OpenSession[]> {
  const session = await readJson(file, sessionSchema).catch(() => undefined);
  if (session?.state !== 'open') return [];
  const { token, runner, launcher, handle } = session;
  const run = basename(dirname(dirname(file)));
  return [{ run, file, token, runner, launcher, ...(handle !== undefined && { handle }) }];
}
