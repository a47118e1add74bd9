import type { Workspace } from '../config/load.js';
import { SweeplineError, toSweeplineError, type ErrorCode } from '../errors.js';
import type { PlannedPoint } from '../plan/plan.js';
import type { DeclaredCommands } from '../plugin/declared-commands.js';
import type { Executor } from '../plugin/node.js';
import type { Registry } from '../plugin/registry.js';

/** The finding of a check. A warning does not prevent runs. */
export interface Diagnosis {
  readonly state: 'ok' | 'warning' | 'problem';
  readonly message: string;
  /** What to do about it, in the imperative. */
  readonly hint?: string;
  /** For a problem, the error that a command would end with. */
  readonly code?: ErrorCode;
}

/** Input for checks. The functions throw the errors that a command would end with. */
export interface DoctorContext {
  readonly nodeVersion: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** This machine. */
  readonly executor: Executor;
  readonly signal: AbortSignal;
  workspace(): Promise<Workspace>;
  registry(): Promise<Registry>;
  commands(): Promise<DeclaredCommands>;
  /** The points of the workspace's default configs. */
  points(): Promise<readonly PlannedPoint[]>;
}

export interface Check {
  readonly name: string;
  /** A check that depends on something broken finds nothing: the check of that thing reports it. */
  run(context: DoctorContext): Promise<readonly Diagnosis[]>;
}

export function ok(message: string): Diagnosis {
  return { state: 'ok', message };
}

export function warning(message: string, hint: string): Diagnosis {
  return { state: 'warning', message, hint };
}

/** An error as problems: each of its parts, if it stands for several. */
export function problemsOf(thrown: unknown): readonly Diagnosis[] {
  const error = toSweeplineError(thrown, 'INTERNAL');
  const all: readonly SweeplineError[] = error.problems.length > 0 ? error.problems : [error];
  return all.map(({ code, message, hint }) => ({
    state: 'problem',
    code,
    message,
    ...(hint === undefined ? {} : { hint }),
  }));
}

/** The value of a promise; undefined if it is rejected. */
export async function ifThere<T>(promise: Promise<T>): Promise<T | undefined> {
  return promise.catch(() => undefined);
}
