import type { CommandContext, z } from '@sweepline/core';
import type { MeasuredIn } from '../compare/compare.js';
import type { Database } from '../index/database.js';

/** A mark of a point. */
export interface PointMark {
  readonly code: string;
  readonly severity: string;
  readonly message: string;
}

/** A point of the run that is judged. */
export interface GatePoint {
  readonly point: string;
  readonly state: string;
  readonly isValid: boolean;
  /** Why it failed. */
  readonly error: string | undefined;
  /** Requests; undefined where they are not on record. */
  readonly offered: number | undefined;
  readonly failed: number | undefined;
  readonly marks: readonly PointMark[];
  readonly numbers: Readonly<Record<string, number>>;
}

/** The run that is judged. */
export interface GateRun {
  readonly run: string;
  readonly points: readonly GatePoint[];
  /** Names of the points that it was to measure; undefined where the run has no list. */
  readonly expected: readonly string[] | undefined;
  /** What measured the same again. */
  readonly confirmedBy: string | undefined;
  readonly index: Database;
  readonly context: CommandContext;
}

/** What is wrong, or can't be said. */
export interface Finding {
  /** Missing of what concerns the run as a whole. */
  readonly point?: string;
  readonly status: 'failed' | 'unsure';
  readonly message: string;
}

/** A rule that a run has to meet: one file in rules/, listed in rules.ts. */
export interface GateRule {
  /** Its settings in gate.yaml, in addition to `rule` and `reason`. */
  readonly options: z.ZodObject;
  /** @param given what gate.yaml has of these settings */
  check(run: GateRun, given: unknown): Promise<readonly Finding[]> | readonly Finding[];
  /** Measurements of the run that a second one has to confirm before the rule is broken. */
  toConfirm?(run: GateRun, given: unknown): Promise<readonly MeasuredIn[]>;
}
