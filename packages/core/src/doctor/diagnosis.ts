import type { Workspace } from '../config/load.js';
import { SweeplineError, toSweeplineError, type ErrorCode } from '../errors.js';
import type { PlannedPoint } from '../plan/plan.js';
import type { DeclaredCommands } from '../plugin/declared-commands.js';
import type { Executor } from '../plugin/node.js';
import type { Registry } from '../plugin/registry.js';

/** What a check has found. A warning keeps nothing from running. */
export interface Diagnosis {
  readonly state: 'ok' | 'warning' | 'problem';
  readonly message: string;
  /** What to do about it, as an instruction. */
  readonly hint?: string;
  /** The error that a command would end with, of a problem. */
  readonly code?: ErrorCode;
}

/** What checks look at. The functions throw what a command would end with. */
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
  /** One that needs what is broken elsewhere finds nothing: the check of that says it. */
  run(context: DoctorContext): Promise<readonly Diagnosis[]>;
}

export function ok(message: string): Diagnosis {
  return { state: 'ok', message };
}

export function warning(message: string, hint: string): Diagnosis {
  return { state: 'warning', message, hint };
}

/** An error as problems, one each where it stands for many. */
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

/** What a promise gives, or nothing where it is rejected. */
export async function ifThere<T>(promise: Promise<T>): Promise<T | undefined> {
  return promise.catch(() => undefined);
}
