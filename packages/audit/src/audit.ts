import type { Tree } from './read-files.js';
import type { Finding, Severity } from './rule.js';
import { RULES } from './rules.js';
import { isWaived, type Waiver } from './waivers.js';

export const AUDIT_SCHEMA = 'sweepline.audit/1';

/** What an audit says. */
export interface AuditReport {
  readonly schema: typeof AUDIT_SCHEMA;
  /** `failed` where a finding is red and not waived. */
  readonly status: 'passed' | 'failed';
  readonly files: number;
  readonly rules: readonly RuleReport[];
  readonly skipped: Tree['skipped'];
  /** Waivers that let nothing pass: expired ones, and those without a finding. */
  readonly unused: readonly Waiver[];
}

export interface RuleReport {
  readonly rule: string;
  readonly protects: string;
  readonly source: string;
  readonly findings: readonly AuditFinding[];
}

export interface AuditFinding extends Finding {
  readonly file: string;
  readonly severity: Severity;
  readonly waivedBy?: Waiver;
}

/** @param today as 2026-01-31, UTC */
export function audit(
  { files, context, skipped }: Tree,
  waivers: readonly Waiver[],
  today: string,
): AuditReport {
  const used = new Set<Waiver>();
  const rules = RULES.map(({ id, protects, source, severity, ...rule }) => ({
    ...{ rule: id, protects, source },
    findings: files.flatMap((file) =>
      rule.check(file, context).map((found): AuditFinding => {
        const waivedBy = waivers.find((waiver) => isWaived(waiver, id, file.path, today));
        if (waivedBy !== undefined) used.add(waivedBy);
        return { severity, ...found, file: file.path, ...(waivedBy === undefined ? {} : { waivedBy }) };
      }),
    ),
  }));
  const isRed = rules.some(({ findings }) =>
    findings.some((finding) => finding.severity === 'red' && finding.waivedBy === undefined),
  );
  return {
    ...{ schema: AUDIT_SCHEMA, status: isRed ? 'failed' : 'passed', files: files.length, rules, skipped },
    unused: waivers.filter((waiver) => !used.has(waiver)),
  };
}
