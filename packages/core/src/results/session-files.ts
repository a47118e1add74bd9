import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { SESSIONS } from './run-folder.js';
import { syncFolder, toJson, writeAtomic, writing } from './write.js';

/** What is known of a session before anything is asked for. */
export interface SessionBeginning {
  readonly token: string;
  /** Names of the points that its server is for. */
  readonly points: readonly string[];
  readonly runner: string;
  readonly launcher: string;
  readonly startedAt: string;
}

/** A session's file and folder; disposing removes the folder and says in the file that it has ended. */
export interface SessionFiles extends AsyncDisposable {
  /** For what the launcher keeps on this machine. */
  readonly folder: string;
  /** Saves what names the nodes to whoever gave them. */
  saveHandle(handle: string): void;
}

/**
 * Saves a session durably: what a crash leaves is found by its token and its handle alone.
 * @throws {SweeplineError} RESULT_WRITE_FAILED
 */
export async function openSession(run: string, session: SessionBeginning): Promise<SessionFiles> {
  const folder = join(run, SESSIONS, session.token);
  const file = `${folder}.json`;
  let content: object = { v: 1, ...session, state: 'open' };
  const save = (more: object): Promise<void> =>
    writing(file, async () => {
      content = { ...content, ...more };
      await writeAtomic(file, toJson(content));
      await syncFolder(join(run, SESSIONS));
    });
  await save({});
  await writing(folder, () => mkdir(folder, { mode: 0o700 }));
  let saving = Promise.resolve();
  return {
    folder,
    saveHandle(handle) {
      saving = saving.then(() => save({ handle }));
      saving.catch(() => {}); // told when it ends
    },
    async [Symbol.asyncDispose]() {
      await saving;
      await writing(folder, () => rm(folder, { recursive: true, force: true }));
      await save({ state: 'ended' });
    },
  };
}
