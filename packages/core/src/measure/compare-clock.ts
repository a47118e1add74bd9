import type { ClockComparison } from '../metrics/energy/readings.js';
import type { Executor } from '../plugin/node.js';

/** The quickest answer says most: a batch system's steps take a second to start. */
const TRIES = 3;
const ANSWER_MS = 10_000;

/**
 * How far this machine's clock has been set forward since the process began, ms: a load's times begin with the clock and go on without
 * it, those of readings follow it.
 */
export function clockSetMs(): number {
  return Math.round(Date.now() - performance.timeOrigin - performance.now());
}

/**
 * How far a node's clock is ahead of this machine's. Never rejects: a clock that can't be read has no offset.
 * @param setMs of this machine's clock when readings began
 */
export async function compareClock(
  executor: Executor,
  setMs: number,
  signal: AbortSignal,
): Promise<ClockComparison> {
  const { node } = executor;
  if (node.isHere) return { node: node.name, offsetMs: setMs - clockSetMs(), uncertaintyMs: 0 };
  let best: Required<ClockComparison> | undefined;
  for (let left = TRIES; left > 0; left--) {
    const sentMs = Date.now();
    const nodeMs = await readClock(executor, signal);
    const tookMs = Date.now() - sentMs;
    if (nodeMs === undefined) break;
    const uncertaintyMs = tookMs / 2;
    const offsetMs = nodeMs - (sentMs + uncertaintyMs);
    if (best === undefined || uncertaintyMs < best.uncertaintyMs)
      best = { node: node.name, offsetMs, uncertaintyMs };
  }
  return best ?? { node: node.name };
}

/** Milliseconds since the Unix epoch; whole seconds, from a `date` that knows no others, are too coarse to be of use. */
async function readClock(executor: Executor, signal: AbortSignal): Promise<number | undefined> {
  const own = AbortSignal.any([signal, AbortSignal.timeout(ANSWER_MS)]);
  const output = await executor.run({ argv: ['date', '+%s.%N'] }, own).catch(() => undefined);
  const [, seconds] = /^(\d+\.\d+)\s*$/.exec(output?.stdout ?? '') ?? [];
  return seconds === undefined ? undefined : Number(seconds) * 1000;
}
