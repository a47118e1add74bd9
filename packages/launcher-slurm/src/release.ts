import { setTimeout as delay } from 'node:timers/promises';
import { SweeplineError, messageOf } from '@sweepline/core';
import type { Controller } from './controller.js';

/** Milliseconds for which the cancellation is repeated if the controller doesn't answer, and that nodes may take to become free. */
const TOLERATED_MS = 90_000;
const PAUSE_MS = 300;

/**
 * Cancels a job and waits until its nodes are free.
 * @throws {SweeplineError} SCHEDULER_UNREACHABLE when it may go on
 */
export async function release(controller: Controller, job: string): Promise<void> {
  const deadline = performance.now() + TOLERATED_MS;
  for (;;) {
    try {
      await controller.cancel(job);
      while ((await controller.stateOf(job)).phase !== 'ended' && performance.now() < deadline)
        await delay(PAUSE_MS);
      return;
    } catch (cause) {
      if (performance.now() > deadline) throw notReleased(job, cause);
      await delay(PAUSE_MS);
    }
  }
}

function notReleased(job: string, cause: unknown): SweeplineError {
  return new SweeplineError('SCHEDULER_UNREACHABLE', `Slurm's job ${job} may go on: ${messageOf(cause)}`, {
    hint: `Once slurmctld answers: \`scancel ${job}\`.`,
    cause,
  });
}
