import type { Scheduler, Task } from './scheduler.js';

export interface TaskRunner<T extends Task> {
  /** Whether something of it has failed. A rejection ends all others: it is not about this task alone. */
  readonly run: (task: T, signal: AbortSignal) => Promise<{ readonly failed: boolean }>;
  /** Why no further task may begin; asked before each. */
  readonly spent: () => string | undefined;
  /** Tasks will not begin, as others of their config have failed. */
  readonly onLeftOut: (tasks: readonly T[]) => void;
}

/**
 * Runs tasks as the scheduler lets them begin, until none is left; after an abort or a rejection none begins, and those that run are
 * waited for.
 * @returns why it has ended early, if it has
 * @throws the first rejection
 */
export async function runTasks<T extends Task>(
  scheduler: Scheduler<T>,
  { run, spent, onLeftOut }: TaskRunner<T>,
  signal: AbortSignal,
): Promise<string | undefined> {
  const broken = new AbortController();
  const whole = AbortSignal.any([signal, broken.signal]);
  let running = 0;
  let wake = (): void => {};
  let early: string | undefined;
  const start = async (task: T): Promise<void> => {
    try {
      // A signal of its own: Node.js warns of one that many wait for.
      const out = scheduler.ended(task, await run(task, AbortSignal.any([whole])));
      if (out.length > 0) onLeftOut(out);
    } catch (error) {
      broken.abort(error);
    }
    running -= 1;
    wake();
  };
  const next = (): T | undefined => {
    if (whole.aborted || early !== undefined || scheduler.waiting === 0) return undefined;
    early = spent();
    return early === undefined ? scheduler.next() : undefined;
  };
  for (;;) {
    for (let task = next(); task !== undefined; task = next()) {
      running += 1;
      void start(task);
    }
    if (running === 0) break;
    await new Promise<void>((resolve) => (wake = resolve));
  }
  broken.signal.throwIfAborted();
  return early;
}
