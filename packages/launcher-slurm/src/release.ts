import { setTimeout as delay } from 'node:timers/promises';
import { SweeplineError, messageOf } from '@sweepline/core';
import type { Controller } from './controller.js';
import type { JobState } from './job-state.js';

/** Milliseconds for which the cancellation is repeated if the controller doesn't answer, and that nodes may take to become free. */
const TOLERATED_MS = 90_000;
const PAUSE_MS = 100;

/**
 * Cancels a job and waits until its nodes are free.
 * @throws {SweeplineError} SCHEDULER_UNREACHABLE when it may go on
 */
export async function release(controller: Controller, job: string): Promise<void> {
  const deadline = performance.now() + TOLERATED_MS;
  for (;;) {
    try {
      await controller.cancel(job);
      const phase = await phaseBy(deadline, controller, job);
      // What is being ended ends without us, though something on a node may resist.
      if (phase === 'ended' || phase === 'ending') return;
      throw new Error('it was cancelled and goes on');
    } catch (cause) {
      if (performance.now() > deadline) throw notReleased(job, cause);
      await delay(PAUSE_MS);
    }
  }
}

async function phaseBy(deadline: number, controller: Controller, job: string): Promise<JobState['phase']> {
  for (;;) {
    const { phase } = await controller.stateOf(job);
    if (phase === 'ended' || performance.now() > deadline) return phase;
    await delay(PAUSE_MS);
  }
}

function notReleased(job: string, cause: unknown): SweeplineError {
  return new SweeplineError('SCHEDULER_UNREACHABLE', `Slurm's job ${job} may go on: ${messageOf(cause)}`, {
    hint: `Once slurmctld answers: \`scancel ${job}\`.`,
    cause,
  });
}
