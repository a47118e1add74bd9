import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { SESSIONS } from './run-folder.js';
import { syncFolder, toJson, writeAtomic, writing } from './write.js';

/** Facts about a session before anything is requested. */
export interface SessionBeginning {
  readonly token: string;
  /** Names of the points that its server is for. */
  readonly points: readonly string[];
  readonly runner: string;
  readonly launcher: string;
  readonly startedAt: string;
}

/** A session's file and folder. Disposing it removes the folder and records in the file that the session has ended, if it has. */
export interface SessionFiles extends AsyncDisposable {
  /** For files that the launcher keeps on this machine. */
  readonly folder: string;
  /** Saves the launcher's handle, which identifies the nodes. */
  saveHandle(handle: string): void;
  /** Something may be left of it: it stays open for the next sweep, which ends that. */
  keepOpen(): void;
}

/**
 * Saves a session durably: after a crash, only its token and its handle lead to what is left.
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
  let isKept = false;
  return {
    folder,
    saveHandle(handle) {
      saving = saving.then(() => save({ handle }));
      saving.catch(() => {}); // Reported when it ends.
    },
    keepOpen: () => void (isKept = true),
    async [Symbol.asyncDispose]() {
      await saving;
      if (isKept) return;
      await writing(folder, () => rm(folder, { recursive: true, force: true }));
      await save({ state: 'ended' });
    },
  };
}
