// @ts-check
import { setTimeout as delay } from 'node:timers/promises';
import { watchQuiet } from '@sweepline/core/testing';

/** The highest share of the machine's CPU time that other processes and its host may use. */
export const QUIET_SHARE = 0.03;
/** Between two points nothing of this check runs, so all CPU use belongs to others. */
const WINDOW_S = 0.4;
const PAUSE_MS = 600;

/**
 * @param {number} waitS @returns {Promise<{ quiet: boolean, others: number }>} Waits at most this long for a quiet moment; `others`: their
 * share of the time of all cores.
 */
export async function quietMoment(waitS) {
  const endMs = performance.now() + 1000 * waitS;
  for (;;) {
    const machine = await watchQuiet(WINDOW_S);
    if (machine === undefined)
      throw new Error("without /proc/stat, this check can't find out whether the machine is quiet");
    const { quiet, busy, stolen } = machine;
    if (quiet || performance.now() >= endMs) return { quiet, others: busy + stolen };
    await delay(PAUSE_MS);
  }
}
