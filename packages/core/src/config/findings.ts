import type { SweeplineError, Where } from '../errors.js';
import { CHECKS } from './checks/index.js';
import type { CheckContext } from './checks/check.js';
import type { LocatedEntry } from './master.js';

/** Something that is wrong, or seems to be, and where. */
export interface Finding {
  readonly severity: 'error' | 'warning';
  /** An error code, or the name of a check. */
  readonly code: string;
  readonly message: string;
  readonly where: Where;
  readonly hint?: string;
}

export function errorFinding({ code, message, where, hint }: SweeplineError): Finding {
  return { severity: 'error', code, message, where, ...(hint === undefined ? {} : { hint }) };
}

/** The remarks on entries of checks beyond the schema. */
export function runChecks(entries: readonly LocatedEntry[], context: CheckContext): readonly Finding[] {
  return entries.flatMap((located) =>
    CHECKS.flatMap((check) =>
      check.run(located, context).map(({ path, message }) => ({
        severity: 'warning' as const,
        code: check.name,
        message,
        where: located.at([located.key, ...path]),
      })),
    ),
  );
}

/** Sorts by file and line; removes duplicates that two checks of a file found. */
export function sortFindings(findings: readonly Finding[]): readonly Finding[] {
  const unique = new Map(findings.map((finding) => [JSON.stringify(finding), finding]));
  return [...unique.values()].sort(
    ({ where: one }, { where: other }) =>
      (one.file ?? '').localeCompare(other.file ?? '') ||
      (one.line ?? 0) - (other.line ?? 0) ||
      (one.column ?? 0) - (other.column ?? 0),
  );
}
