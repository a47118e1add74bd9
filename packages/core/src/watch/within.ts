import { SweeplineError } from '../errors.js';
import { begin, nameOf, thrownBy, timedOut, type PluginCall } from './call.js';
import { heartbeatS, limitS } from './limits.js';

/** Seconds that a call has to end by itself after the command was stopped. */
const STOP_GRACE_S = 5;

export interface WithinOptions<T> {
  /** After it is aborted, the call has some seconds left. */
  readonly signal?: AbortSignal | undefined;
  /** Gets the value of a call that returns after its time limit: nodes that arrive too late must be released. */
  readonly onLate?: (value: T) => void;
  /** Reports at intervals what the process waits for. */
  readonly notify?: ((line: string) => void) | undefined;
}

/**
 * Awaits a call of a plugin, but not longer than its limit. The signal for `work` is aborted when the caller's is, and when the limit is
 * exceeded.
 * @throws {SweeplineError} PLUGIN_TIMEOUT, PLUGIN_THREW or INTERRUPTED; a SweeplineError of the plugin keeps its code. All name the plugin.
 */
export async function within<T>(
  call: PluginCall,
  work: (signal: AbortSignal) => T | PromiseLike<T>,
  { signal, onLate, notify }: WithinOptions<T> = {},
): Promise<T> {
  const end = begin(call);
  const patience = new Patience(call, signal, notify);
  const worked = (async () => work(patience.signal))();
  worked.then(
    (value) => patience.isOver && onLate?.(value),
    () => {}, // reported below, or too late to matter
  );
  try {
    return await Promise.race([worked, patience.end]);
  } catch (thrown) {
    throw thrownBy(call, thrown);
  } finally {
    patience.dispose();
    end();
  }
}

/** The timers of one call. They keep the process alive, because its wait has an end. */
class Patience {
  /** Rejects when the call exceeds its limit. */
  readonly end: Promise<never>;
  isOver = false;
  readonly signal: AbortSignal;
  private readonly givenUp = new AbortController();
  private readonly timers: NodeJS.Timeout[] = [];
  private giveUp: (error: SweeplineError) => void = () => {};
  private readonly onStop = (): void => {
    this.after(STOP_GRACE_S, () =>
      this.giveUp(new SweeplineError('INTERRUPTED', `${nameOf(this.call)} did not end after it was stopped`)),
    );
  };

  constructor(
    private readonly call: PluginCall,
    private readonly outer: AbortSignal | undefined,
    notify: WithinOptions<unknown>['notify'],
  ) {
    this.signal = outer === undefined ? this.givenUp.signal : AbortSignal.any([outer, this.givenUp.signal]);
    this.end = new Promise((_, reject) => {
      this.giveUp = (error) => {
        this.isOver = true;
        reject(error);
        this.givenUp.abort(error);
      };
    });
    const limit = limitS(call.limit);
    // A timer keeps the process alive even without a limit, so that it can report what it waits for.
    const began = performance.now();
    this.timers.push(
      setInterval(() => notify?.(waitingFor(call, performance.now() - began)), heartbeatS() * 1000),
    );
    if (Number.isFinite(limit)) this.after(limit, () => this.giveUp(timedOut(call)));
    if (outer?.aborted) this.onStop();
    else outer?.addEventListener('abort', this.onStop, { once: true });
  }

  dispose(): void {
    this.outer?.removeEventListener('abort', this.onStop);
    for (const timer of this.timers) clearTimeout(timer);
  }

  private after(seconds: number, then: () => void): void {
    this.timers.push(setTimeout(then, seconds * 1000));
  }
}

function waitingFor(call: PluginCall, ms: number): string {
  const limit = limitS(call.limit);
  const most = Number.isFinite(limit) ? ` (it has ${limit} s)` : '';
  return `waiting for ${nameOf(call)} of ${call.package} for ${Math.round(ms / 1000)} s${most}`;
}
