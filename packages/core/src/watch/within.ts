import { SweeplineError } from '../errors.js';
import { begin, nameOf, thrownBy, timedOut, type PluginCall } from './call.js';
import { heartbeatS, limitS } from './limits.js';

/** Seconds that a call has to end by itself once the command is told to stop. */
const STOP_GRACE_S = 5;

export interface WithinOptions<T> {
  /** Once it is aborted the call has some seconds left. */
  readonly signal?: AbortSignal | undefined;
  /** Given what the call gives after it was given up: nodes that come too late must be given back. */
  readonly onLate?: (value: T) => void;
  /** Says from time to time what is waited for. */
  readonly notify?: ((line: string) => void) | undefined;
}

/**
 * Awaits a call of a plugin, but not longer than its limit. The signal that `work` is given is aborted when the caller's is, and
 * when the call is given up.
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
    () => {}, // told below, or too late to matter
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

/** The timers of one call. They keep the process alive: what is waited for has an end. */
class Patience {
  /** Rejects when the call is given up. */
  readonly end: Promise<never>;
  isOver = false;
  readonly signal: AbortSignal;
  private readonly givenUp = new AbortController();
  private readonly timers: NodeJS.Timeout[] = [];
  private giveUp: (error: SweeplineError) => void = () => {};
  private readonly onStop = (): void => {
    this.after(STOP_GRACE_S, () =>
      this.giveUp(
        new SweeplineError('INTERRUPTED', `${nameOf(this.call)} did not end when it was told to stop`),
      ),
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
    // Also without a limit a timer keeps the process alive, so that it can say what it waits for.
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
