import type { Clock } from '../health/clock.js';

/** When sending stops: at a time, or when the run is stopped. */
export interface Ending extends Disposable {
  /** Aborted at that moment: callers that wait to send something continue. */
  readonly signal: AbortSignal;
  /** The same by the clock, as a timer may fire late. */
  readonly isOver: () => boolean;
}

/** @param dueMs ms on the run's clock; undefined: only when the run is stopped. */
export function endsAfter(dueMs: number | undefined, clock: Clock, stopped: AbortSignal): Ending {
  if (dueMs === undefined) {
    return { signal: stopped, isOver: () => stopped.aborted, [Symbol.dispose]: () => {} };
  }
  const over = new AbortController();
  const timer = setTimeout(() => over.abort(), Math.max(0, dueMs - clock.now()));
  return {
    signal: AbortSignal.any([over.signal, stopped]),
    isOver: () => stopped.aborted || clock.now() >= dueMs,
    [Symbol.dispose]: () => clearTimeout(timer),
  };
}
