import { setTimeout as delay } from 'node:timers/promises';
import type { Executor } from '@sweepline/core';
import { bytesOf } from '@sweepline/core/launch';
import type { Controller } from './controller.js';
import { FORGOTTEN } from './job-state.js';

/** Milliseconds between two looks at a lock that another job holds. */
const PAUSE_MS = 1_000;
/** Looks at a lock without an owner: it is being made, or its maker was killed in between. */
const NAMELESS_LOOKS = 30;

/** Who may hold a lock: a session, and the job on whose node it works. */
export interface LockOwner {
  readonly job: string;
  readonly token: string;
}

export interface ImportLock {
  readonly agent: Executor;
  readonly controller: Controller;
  readonly owner: LockOwner;
  /** Called when it is waited for another job. */
  readonly onNote: (job: string) => void;
}

/**
 * Holds the lock of a file while work on it goes on. The lock is a folder next to the file, because flock doesn't work on every shared
 * file system. Others wait as long as the owner's job runs, and take the lock over once Slurm says that the job has ended.
 * @param isDone whether there is nothing left to do; asked whenever it has to wait
 */
export async function withImportLock(
  file: string,
  { agent, controller, owner, onNote }: ImportLock,
  isDone: () => Promise<boolean>,
  work: () => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  const lock = `${file}.lock`;
  // The words for a folder that is there already are read.
  const env = { LC_ALL: 'C' };
  const run = (...argv: readonly string[]) => agent.run({ argv, env }, signal);
  let nameless = 0;
  for (;;) {
    signal.throwIfAborted();
    const made = await run('mkdir', lock);
    if (made.exit.code === 0) break;
    if (!/exist/i.test(made.stderr)) throw new Error(made.stderr.trim());
    if (await isDone()) return;
    const holder = await ownerOf(lock, agent);
    nameless = holder === undefined ? nameless + 1 : 0;
    const isOver =
      holder === undefined ? nameless > NAMELESS_LOOKS : await hasEnded(holder, lock, agent, controller);
    if (isOver) {
      // Only one of those who wait can rename it.
      const taken = `${lock}.${owner.token}`;
      const moved = await run('mv', '-T', lock, taken);
      const parts = holder === undefined ? [] : [partOf(file, holder)];
      if (moved.exit.code === 0) await run('rm', '-rf', taken, ...parts);
      else if (/permitted|denied/i.test(moved.stderr)) throw new Error(moved.stderr.trim());
      continue;
    }
    if (holder !== undefined) onNote(holder.job);
    await delay(PAUSE_MS);
  }
  try {
    await agent.copyIn(bytesOf(`${owner.job} ${owner.token}\n`), `${lock}/owner`);
    if (!(await isDone())) await work();
  } finally {
    await agent.run({ argv: ['rm', '-rf', lock] }, new AbortController().signal);
  }
}

/** Where an owner of the lock imports to. */
export function partOf(file: string, { token }: LockOwner): string {
  return `${file}.${token}.part`;
}

/** @throws {Error} where nobody says: Slurm may hide the jobs of others, or have forgotten this one */
async function hasEnded(
  { job }: LockOwner,
  lock: string,
  agent: Executor,
  controller: Controller,
): Promise<boolean> {
  const state = await controller.stateOf(job).catch(() => undefined);
  if (state?.phase !== 'ended') return false;
  const isOwn =
    (await agent.run({ argv: ['test', '-O', lock] }, new AbortController().signal)).exit.code === 0;
  if (state !== FORGOTTEN || isOwn) return true;
  throw new Error(
    `${lock} is another user's, and Slurm shows no job ${job}: remove it if nothing is imported there`,
  );
}

async function ownerOf(lock: string, agent: Executor): Promise<LockOwner | undefined> {
  const bytes = await agent.read(`${lock}/owner`, { from: 0, length: 200 }).catch(() => new Uint8Array());
  const [, job, token] = /^(\d+) ([0-9a-f]{32})\n$/.exec(Buffer.from(bytes).toString()) ?? [];
  return job === undefined || token === undefined ? undefined : { job, token };
}
