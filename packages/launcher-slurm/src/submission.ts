import { setTimeout as delay } from 'node:timers/promises';
import { SweeplineError, formatError, messageOf, toSweeplineError, type NodeRequest } from '@sweepline/core';
import { jobName } from './allocation.js';
import type { Controller } from './controller.js';

/** Milliseconds for which a controller that doesn't answer is asked whether it has the job. */
const TOLERATED_MS = 300_000;
const PAUSE_MS = 3_000;

/**
 * Submits a session's job. A controller that gave no answer in time may have taken the job all the same: it is asked for it by the
 * session's token until it says, also where the sweep was stopped meanwhile.
 * @param onLeft called when nobody says whether it has
 */
export async function submitOnce(
  controller: Controller,
  { token, onLeft }: Pick<NodeRequest, 'token' | 'onLeft'>,
  argv: readonly string[],
  signal: AbortSignal,
): Promise<string> {
  signal.throwIfAborted();
  try {
    return await controller.submit(argv, signal);
  } catch (thrown) {
    if (thrown instanceof SweeplineError && thrown.code === 'ALLOCATION_FAILED') throw thrown;
    const [job] = await findSubmitted(controller, token).catch((unknown: unknown) => {
      onLeft?.(textOf(unknown));
      throw unknown;
    });
    if (job === undefined) throw thrown;
    return job;
  }
}

/** With what to do about it. */
export function textOf(thrown: unknown): string {
  return formatError(toSweeplineError(thrown, 'SCHEDULER_UNREACHABLE'));
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
