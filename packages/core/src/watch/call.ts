import { SweeplineError, messageOf, toSweeplineError, type ErrorCode } from '../errors.js';
import { placeOf } from './place-of.js';
import { whiteboard } from './whiteboard.js';
import { limitS, variableOf, type Limit } from './limits.js';

/** A call of a plugin, as messages name it. */
export interface PluginCall {
  /** Kind and name: `hardware acme-x1`. */
  readonly plugin: string;
  readonly package: string;
  /** The called member: `preflight`. */
  readonly call: string;
  readonly limit: Limit;
}

/** Calls that have not returned, in the order in which they were made. */
const pending = new Set<PluginCall>();

/** Records a call until the returned function is called. */
export function begin(call: PluginCall): () => void {
  const one = { ...call };
  pending.add(one);
  note();
  return () => {
    pending.delete(one);
    note();
  };
}

/** For a thread that can't ask while this one hangs. */
function note(): void {
  whiteboard.calls = describePending();
}

/** `hardware acme-x1: preflight of @acme/plugin`, one after another; empty if there are none. */
export function describePending(): string {
  return [...pending].map((call) => `${nameOf(call)} of ${call.package}`).join(', ');
}

/** `hardware acme-x1: preflight`. */
export function nameOf({ plugin, call }: PluginCall): string {
  return `${plugin}: ${call}`;
}

export function timedOut(call: PluginCall, what = 'has not ended'): SweeplineError {
  return new SweeplineError('PLUGIN_TIMEOUT', `${nameOf(call)} ${what} after ${limitS(call.limit)} s`, {
    where: { plugin: call.package },
    hint: `Report this to the authors of ${call.package}; ${variableOf(call.limit)}=<seconds> in the environment allows more time.`,
  });
}

/** The error of a plugin, with its name, its package and the line that threw. A SweeplineError keeps its code. */
export function thrownBy(
  call: PluginCall,
  thrown: unknown,
  code: ErrorCode = 'PLUGIN_THREW',
): SweeplineError {
  const where = { plugin: call.package };
  if (thrown instanceof SweeplineError) return toSweeplineError(thrown, code, { where });
  const place = placeOf(thrown);
  const at = place === undefined ? '' : ` (at ${place})`;
  return new SweeplineError(code, `${nameOf(call)}: ${textOf(thrown)}${at}`, {
    where,
    hint: `Report this to the authors of ${call.package}.`,
    cause: thrown,
  });
}

/** Plugins can throw anything, including values that can't be converted to text. */
function textOf(thrown: unknown): string {
  try {
    return messageOf(thrown) || 'an error without a message';
  } catch {
    return 'something that is not an error';
  }
}
