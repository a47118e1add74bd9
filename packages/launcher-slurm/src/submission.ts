import { setTimeout as delay } from 'node:timers/promises';
import { SweeplineError, messageOf } from '@sweepline/core';
import { jobName } from './allocation.js';
import type { Controller } from './controller.js';

/** Milliseconds for which a controller that doesn't answer is asked whether it has the job. */
const TOLERATED_MS = 300_000;
const PAUSE_MS = 3_000;

/**
 * Submits a session's job. A controller that gave no answer in time may have taken the job all the same: it is asked for it by the
 * session's token until it says.
 */
export async function submitOnce(
  controller: Controller,
  token: string,
  argv: readonly string[],
  signal: AbortSignal,
): Promise<string> {
  signal.throwIfAborted();
  try {
    return await controller.submit(argv, signal);
  } catch (thrown) {
    if (thrown instanceof SweeplineError && thrown.code === 'ALLOCATION_FAILED') throw thrown;
    const [job] = await findSubmitted(controller, token);
    if (job === undefined) throw thrown;
    if (!signal.aborted) return job;
    await controller.cancel(job);
    throw thrown;
  }
}

async function findSubmitted(controller: Controller, token: string): Promise<readonly string[]> {
  const deadline = performance.now() + TOLERATED_MS;
  for (let looks = 0; ;) {
    const found = await controller.find(token).catch((thrown: unknown) => {
      if (performance.now() > deadline) throw perhapsSubmitted(token, thrown);
      return undefined;
    });
    if (found !== undefined && found.length > 0) return found;
    // What it had received before it stood still is done only then.
    if (found !== undefined && (looks += 1) === 2) return [];
    await delay(PAUSE_MS);
  }
}

function perhapsSubmitted(token: string, cause: unknown): SweeplineError {
  const message = `it isn't known whether Slurm has taken the job: ${messageOf(cause)}`;
  return new SweeplineError('SCHEDULER_UNREACHABLE', message, {
    hint: `Once slurmctld answers: \`scancel --me --name=${jobName(token)}\`.`,
    cause,
  });
}
