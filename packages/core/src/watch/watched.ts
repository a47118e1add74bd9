import { Script } from 'node:vm';
import { begin, thrownBy, timedOut, type PluginCall } from './call.js';
import { limitS } from './limits.js';
import { whiteboard } from './whiteboard.js';

/** Timers accept no longer delays. */
const LONGEST_MS = 2 ** 31 - 1;
const RUN = Symbol.for('sweepline.watched-call');
const script = new Script('globalThis[Symbol.for("sweepline.watched-call")]()', {
  filename: 'sweepline-watched-call',
});

/** The current calls, each made by the one before it. */
let stack: PluginCall[] = [];

/**
 * Makes a pure call of a plugin and ends it when it exceeds its limit, even if it never returns: Node can end code that runs as a script,
 * and all code called by it. A call within a call uses the outer one's time and is the one that is named.
 * @throws {SweeplineError} PLUGIN_TIMEOUT or PLUGIN_THREW; a SweeplineError of the plugin keeps its code. All name the plugin.
 */
export function watched<T>(call: PluginCall, work: () => T): T {
  return stack.length > 0 ? inner(call, work) : outermost(call, work);
}

function inner<T>(call: PluginCall, work: () => T): T {
  stack.push(call);
  try {
    const value = work();
    stack.pop();
    return value;
  } catch (thrown) {
    stack.pop();
    throw thrownBy(call, thrown);
  }
}

function outermost<T>(call: PluginCall, work: () => T): T {
  const end = begin(call);
  whiteboard.pureUntil = Date.now() + limitS(call.limit) * 1000;
  stack = [call];
  try {
    return interruptible(call, work);
  } catch (thrown) {
    // Ended code does not continue: the last call on the stack is the one that did not return.
    if (isTimeout(thrown))
      throw timedOut({ ...(stack.at(-1) ?? call), limit: call.limit }, 'has not returned');
    throw thrownBy(call, thrown);
  } finally {
    stack = [];
    whiteboard.pureUntil = 0;
    end();
  }
}

function interruptible<T>(call: PluginCall, work: () => T): T {
  const host = globalThis as { [RUN]?: (() => void) | undefined };
  let value: T | undefined;
  host[RUN] = () => void (value = work());
  script.runInThisContext({ timeout: Math.min(LONGEST_MS, limitS(call.limit) * 1000) });
  return value as T;
}

function isTimeout(thrown: unknown): boolean {
  return (thrown as { readonly code?: unknown } | null)?.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT';
}
