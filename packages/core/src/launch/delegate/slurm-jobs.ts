import { setTimeout as delay } from 'node:timers/promises';
import { SweeplineError, messageOf } from '../../errors.js';
import type { Executor, Output } from '../../plugin/node.js';

/** Slurm's states of a job that has ended: squeue(1), JOB STATE CODES. Requeued jobs are PENDING again. */
const ENDED: ReadonlySet<string> = new Set([
  ...['BOOT_FAIL', 'CANCELLED', 'COMPLETED', 'DEADLINE', 'FAILED', 'NODE_FAIL', 'OUT_OF_MEMORY'],
  ...['PREEMPTED', 'REVOKED', 'TIMEOUT'],
]);
/** Of a job that left the queue before its end was seen, where Slurm keeps no accounts. */
const UNKNOWN = 'UNKNOWN';
/** Milliseconds between two looks at the queue: little at first, so that short jobs are not waited for. */
const [FIRST_WAIT_MS, LONGEST_WAIT_MS] = [500, 15_000];
/** Milliseconds for which a controller may give no answer; jobs run on meanwhile. */
const SILENCE_MS = 10 * 60_000;
/** Milliseconds that cancelled jobs may take to end: Slurm kills them after KillWait, 30 s by default. */
const CANCEL_MS = 2 * 60_000;

/** A job, and the last that was seen of it. */
export interface SlurmJob {
  readonly id: string;
  readonly state: string;
}

/**
 * The jobs of a user that have a name: with a random token in it, those that a program submitted for us and nobody else's, before their
 * ids are known and after a crash.
 */
export interface SlurmJobs {
  /** All there are, ended ones too. @throws {SweeplineError} ALLOCATION_FAILED without Slurm's programs, SCHEDULER_UNREACHABLE */
  look(signal: AbortSignal): Promise<readonly SlurmJob[]>;
  /** Resolves when all have ended; empty where there is none. @throws {SweeplineError} SCHEDULER_UNREACHABLE */
  ended(signal: AbortSignal): Promise<readonly SlurmJob[]>;
  /** Ends them, and waits until they have ended: returns those that go on. @throws where nobody says whether any do */
  cancel(): Promise<readonly SlurmJob[]>;
}

/** The name of the jobs of a session. */
export function jobNameOf(token: string): string {
  return `sweepline-${token}`;
}

/** The command that ends all jobs of a user with a name. */
export function cancelCommand(user: string, name: string): readonly string[] {
  return ['scancel', '--user', user, '--name', name];
}

/** By squeue, scancel and sacct on a node. */
export function slurmJobs(executor: Executor, user: string, name: string): SlurmJobs {
  const known = new Map<string, string>();
  const look = async (signal: AbortSignal): Promise<readonly SlurmJob[]> => {
    const argv = ['squeue', '--noheader', '--states', 'all', '--user', user, '--name', name];
    const { exit, stdout, stderr } = await executor
      .run({ argv: [...argv, '--format', '%A|%T|%j'] }, signal)
      .catch((thrown: unknown) => {
        throw signal.aborted ? thrown : noSlurm(thrown);
      });
    if (exit.code !== 0) throw unreachable(stderr);
    const listed = stdout.split('\n').flatMap((line) => {
      const [id, state, ...rest] = line.trim().split('|');
      return id !== undefined && state !== undefined && rest.join('|') === name ? [{ id, state }] : [];
    });
    const gone = [...known].filter(
      ([id, state]) => !ENDED.has(state) && !listed.some((job) => job.id === id),
    );
    for (const [id] of gone) known.set(id, await finalState(executor, id, signal));
    for (const { id, state } of listed) known.set(id, state);
    return [...known].map(([id, state]) => ({ id, state }));
  };
  const ended = (signal: AbortSignal, patienceMs = SILENCE_MS): Promise<readonly SlurmJob[]> =>
    untilEnded(look, signal, patienceMs);
  const running = (): readonly SlurmJob[] =>
    [...known].map(([id, state]) => ({ id, state })).filter(({ state }) => !hasEnded(state));
  return {
    look,
    ended,
    async cancel() {
      const signal = AbortSignal.timeout(CANCEL_MS);
      try {
        // A submission that was under way may arrive after the first.
        for (const waitMs of [0, FIRST_WAIT_MS]) {
          await delay(waitMs, undefined, { signal });
          await executor.run({ argv: cancelCommand(user, name) }, signal);
          await ended(signal, CANCEL_MS);
        }
      } catch (thrown) {
        if (running().length === 0) throw thrown;
      }
      return running();
    },
  };
}

/** Whether a job in this state runs no more, and is in no queue. */
export function hasEnded(state: string): boolean {
  return ENDED.has(state) || state === UNKNOWN;
}

async function untilEnded(
  look: (signal: AbortSignal) => Promise<readonly SlurmJob[]>,
  signal: AbortSignal,
  patienceMs: number,
): Promise<readonly SlurmJob[]> {
  let lastAnswer = performance.now();
  for (let waitMs = FIRST_WAIT_MS; ; waitMs = Math.min(waitMs * 2, LONGEST_WAIT_MS)) {
    signal.throwIfAborted();
    try {
      const jobs = await look(signal);
      if (jobs.every(({ state }) => hasEnded(state))) return jobs;
      lastAnswer = performance.now();
    } catch (thrown) {
      const isSilence = thrown instanceof SweeplineError && thrown.code === 'SCHEDULER_UNREACHABLE';
      if (!isSilence || performance.now() - lastAnswer > patienceMs) throw thrown;
    }
    await delay(waitMs, undefined, { signal });
  }
}

/** From Slurm's accounts, where it keeps any. */
async function finalState(executor: Executor, id: string, signal: AbortSignal): Promise<string> {
  const argv = ['sacct', '--noheader', '--allocations', '--parsable2', '--jobs', id, '--format', 'State'];
  const { exit, stdout } = await executor.run({ argv }, signal).catch((): Output => NO_ANSWER);
  // Such as `CANCELLED by 1000`.
  const state = exit.code === 0 ? stdout.trim().split(/\s/)[0] : undefined;
  return state !== undefined && ENDED.has(state) ? state : UNKNOWN;
}

const NO_ANSWER: Output = { exit: { code: undefined, signal: undefined }, stdout: '', stderr: '' };

function noSlurm(cause: unknown): SweeplineError {
  return new SweeplineError('ALLOCATION_FAILED', `squeue can't be run here: ${messageOf(cause)}`, {
    hint: "Start the sweep on a login node of the cluster, with Slurm's programs on the PATH.",
    cause,
  });
}

function unreachable(stderr: string): SweeplineError {
  const said = stderr.trim().split('\n').at(-1) ?? '';
  return new SweeplineError('SCHEDULER_UNREACHABLE', `squeue gave no answer: ${said}`, {
    hint: 'Look with `squeue --me`: jobs may be running on.',
  });
}
