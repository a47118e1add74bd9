import { join } from 'node:path';
import type { SweeplineError } from '../errors.js';
import { mendRun, type SealedPoint } from '../results/mend-run.js';
import type { PointEnd } from '../results/point-end.js';
import { thisProcess } from '../results/owner.js';
import { RUN_FILE } from '../results/run-folder.js';
import { runSchema, type RunInfo } from '../results/run-schema.js';
import { readJson } from '../results/stored-json.js';
import { withdrawUnmeasured } from '../results/skipped-points.js';
import { openRunStore, runStoreIn, type RunStore } from '../results/store.js';
import { endedSessions, openJournal, type Journal, type JournalEntry, type StoredEntry } from './journal.js';
import { journaledStore } from './journaled-store.js';
import { lockRun, type LockOptions } from './lock.js';

/** A run that this process measures, and no other one. Disposing lets others go on with it. */
export interface OpenRun extends AsyncDisposable {
  readonly store: RunStore;
  readonly journal: Journal;
}

/** Makes the folder of a new run. @throws {SweeplineError} RESULT_WRITE_FAILED */
export async function beginRun(wanted: string): Promise<OpenRun> {
  const store = await openRunStore(wanted);
  const lock = await lockRun(store.folder);
  try {
    return await open(store, lock);
  } catch (error) {
    await lock[Symbol.asyncDispose]();
    throw error;
  }
}

/** A run that was begun earlier, as it is found. */
export interface ResumedRun extends OpenRun {
  readonly run: RunInfo;
  /** Of each point that was begun and has a result. */
  readonly ends: readonly PointEnd[];
  /** What lies among its points and can't be read as a result: those are measured again. */
  readonly problems: readonly SweeplineError[];
}

/**
 * Opens a run again whose process has ended. Points that were rejected or skipped have no result any more: they are planned again.
 * @param endLeft ends what that process left, before anything says that another one has the run; has the tokens of sessions of which
 * nothing is left
 * @throws {SweeplineError} RUN_BUSY, RESULT_READ_FAILED, RESULT_WRITE_FAILED
 */
export async function reopenRun(
  folder: string,
  options: LockOptions,
  endLeft: (ended: ReadonlySet<string>) => Promise<void>,
): Promise<ResumedRun> {
  const lock = await lockRun(folder, options);
  try {
    const run = await readJson(join(folder, RUN_FILE), runSchema);
    const opened = await open(runStoreIn(folder), lock);
    const { journal } = opened;
    try {
      await endLeft(endedSessions(journal.before));
      const { ends, problems } = await mendRun(folder, sealedIn(journal.before));
      return { ...opened, run, ends: await withdrawUnmeasured(folder, ends), problems };
    } catch (error) {
      await journal[Symbol.asyncDispose]();
      throw error;
    }
  } catch (error) {
    await lock[Symbol.asyncDispose]();
    throw error;
  }
}

/** Points that have been saved, artifacts included, and not been begun again. */
export function sealedIn(entries: readonly StoredEntry[]): ReadonlyMap<string, SealedPoint> {
  const sealed = new Map<string, SealedPoint>();
  for (const entry of entries) {
    if (entry.type === 'point-ended' && entry.seal !== undefined)
      sealed.set(entry.name, { seal: entry.seal, end: entry });
    if (entry.type === 'point-begun') sealed.delete(entry.name);
  }
  return sealed;
}

async function open(store: RunStore, lock: AsyncDisposable): Promise<OpenRun> {
  const journal = await openJournal(store.folder);
  return {
    store: journaledStore(store, journal),
    journal,
    async [Symbol.asyncDispose]() {
      await journal[Symbol.asyncDispose]();
      await lock[Symbol.asyncDispose]();
    },
  };
}

/** Says in the journal who measures the run from now on, how its points are planned, and their order where it is a random one. */
export async function tellBegun(
  journal: Journal,
  plans: Readonly<Record<string, string>>,
  shuffled?: Pick<Extract<JournalEntry, { type: 'shuffled' }>, 'seed' | 'names'>,
): Promise<void> {
  const { pid, host } = await thisProcess();
  await journal.append({ type: 'planned', plans });
  if (shuffled !== undefined) await journal.append({ type: 'shuffled', ...shuffled });
  await journal.append({ type: 'run-begun', pid, host, points: Object.keys(plans).length });
}
