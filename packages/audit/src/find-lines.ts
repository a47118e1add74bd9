import type { AuditFile, Finding } from './rule.js';

/** A finding for each line that has the pattern; the evidence is what matched. */
export function findLines(
  { lines }: AuditFile,
  pattern: RegExp,
  found: (evidence: string, line: string) => Omit<Finding, 'line' | 'evidence'> | undefined,
): readonly Finding[] {
  return lines.flatMap((text, index) => {
    const evidence = pattern.exec(text)?.[0].trim();
    const finding = evidence === undefined ? undefined : found(evidence, text);
    return evidence === undefined || finding === undefined ? [] : [{ line: index + 1, evidence, ...finding }];
  });
}
