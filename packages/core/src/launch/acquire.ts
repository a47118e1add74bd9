import { SweeplineError } from '../errors.js';
import type { NodeLauncher, NodeLease, NodeRequest } from '../plugin/launcher.js';

/**
 * Gets nodes, and gives up waiting for them after a time, if one is given.
 * @throws {SweeplineError} ALLOCATION_FAILED when it is over, and what the launcher throws
 */
export async function acquire(
  launcher: NodeLauncher,
  request: NodeRequest,
  patienceMs: number | undefined,
  signal: AbortSignal,
): Promise<NodeLease> {
  if (patienceMs === undefined) return launcher.acquire(request, signal);
  const over = new AbortController();
  const timer = setTimeout(() => over.abort(), patienceMs);
  try {
    return await launcher.acquire(request, AbortSignal.any([signal, over.signal]));
  } catch (cause) {
    if (signal.aborted || !over.signal.aborted) throw cause;
    const others = `nodes other than ${(request.avoid ?? []).join(', ')}`;
    throw new SweeplineError(
      'ALLOCATION_FAILED',
      `${others} could not be had within ${patienceMs / 1000} s`,
      {
        cause,
      },
    );
  } finally {
    clearTimeout(timer);
  }
}
