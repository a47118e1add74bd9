// @ts-check
import { setTimeout as delay } from 'node:timers/promises';
import { watchQuiet } from '@sweepline/core/testing';

/** Share of the machine's CPU time that others and its host may take. */
export const QUIET_SHARE = 0.03;
/** Between two points nothing of this check runs, so that all that is busy is others'. */
const WINDOW_S = 0.4;
const PAUSE_MS = 600;

/** @param {number} waitS @returns {Promise<{ quiet: boolean, others: number }>} Waits for a quiet moment so long at most; `others`: their share of all cores' time. */
export async function quietMoment(waitS) {
  const endMs = performance.now() + 1000 * waitS;
  for (;;) {
    const machine = await watchQuiet(WINDOW_S);
    if (machine === undefined)
      throw new Error('without /proc/stat it is not known whether the machine is quiet');
    const { quiet, busy, stolen } = machine;
    if (quiet || performance.now() >= endMs) return { quiet, others: busy + stolen };
    await delay(PAUSE_MS);
  }
}
