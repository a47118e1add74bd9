import type { Workspace } from '../config/load.js';
import { SweeplineError, toSweeplineError, type ErrorCode } from '../errors.js';
import type { PlannedPoint } from '../plan/plan.js';
import type { DeclaredCommands } from '../plugin/declared-commands.js';
import type { Diagnosis } from '../plugin/diagnosis.js';
import type { Executor } from '../plugin/node.js';
import type { Registry } from '../plugin/registry.js';

export type { Diagnosis };

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
  /** The points of the workspace's default configs, or those of them that one runner serves. */
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

export function problem(code: ErrorCode, message: string, hint: string): Diagnosis {
  return { state: 'problem', code, message, hint };
}

/** Which points of configs want something: the first few by name, and how many more. */
export function whichPoints(points: readonly PlannedPoint[]): string {
  const names = [...new Set(points.map(({ name }) => name))];
  return names.length > 2 ? `${names[0]} and ${names.length - 1} more points` : names.join(' and ');
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
