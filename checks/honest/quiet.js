// @ts-check
/** Whether the machine has nothing else to do. */
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

/** Others' CPU and steal, as a share of all cores' time, that a quiet machine stays below. */
const QUIET_BELOW = 0.03;
const WINDOW_MS = 400;

/** What /proc/stat counts for all cores together, in ticks. @typedef {{ busy: number, steal: number, all: number }} Ticks */

/** @returns {Ticks} */
function ticks() {
  const line = readFileSync('/proc/stat', 'utf8').split('\n', 1)[0] ?? '';
  const [user = 0, nice = 0, system = 0, idle = 0, iowait = 0, irq = 0, softirq = 0, steal = 0] = line
    .split(/\s+/)
    .slice(1)
    .map(Number);
  const busy = user + nice + system + irq + softirq;
  return { busy, steal, all: busy + steal + idle + iowait };
}

/** @returns {Promise<number>} What others take now. It sleeps meanwhile, and so does whatever else this check has started. */
async function othersShare() {
  const before = ticks();
  await delay(WINDOW_MS);
  const after = ticks();
  return (after.busy - before.busy + after.steal - before.steal) / Math.max(1, after.all - before.all);
}

/** @param {number} waitS @returns {Promise<{ quiet: boolean, others: number }>} Waits for a quiet moment so long at most. */
export async function quietMoment(waitS) {
  const endMs = performance.now() + 1000 * waitS;
  let others = await othersShare();
  while (others >= QUIET_BELOW && performance.now() < endMs) {
    await delay(600);
    others = await othersShare();
  }
  return { quiet: others < QUIET_BELOW, others };
}
