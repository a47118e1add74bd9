import type { AuditFile, Finding } from './rule.js';

/** A finding for each mark of a result with one of the codes: a mark that makes it invalid breaks the rule, a note is to be looked at. */
export function findMarks({ marks }: AuditFile, codes: readonly string[]): readonly Finding[] {
  return marks
    .filter(({ code }) => codes.includes(code))
    .map(({ code, severity, message, line }) => ({
      ...{ line, evidence: message, message: `the result has the mark ${code}` },
      severity: severity === 'invalid' ? 'red' : 'look',
    }));
}
