import { onOneLine } from '@sweepline/core';
import type { AuditFinding, AuditReport } from './audit.js';

/** Characters of evidence that are printed; JSON has it whole. */
const LONGEST = 120;

/** One line for each finding, by rule. */
export function auditText({ status, files, rules, skipped, unused }: AuditReport): string {
  const lines = rules.flatMap(({ rule, source, findings }) =>
    findings.length === 0 ? [] : [`${rule} (${source})`, ...findings.map(findingText), ''],
  );
  return [
    ...lines,
    ...skipped.map(({ path, why }) => onOneLine(`not checked: ${path}: ${why}`)),
    ...unused.map(({ file, expires }) => `waiver without effect: ${file}, expires ${expires}`),
    `${status}: ${files} files, ${rules.reduce((sum, { findings }) => sum + findings.length, 0)} findings`,
    '',
  ].join('\n');
}

function findingText({ file, line, severity, message, evidence, waivedBy }: AuditFinding): string {
  const shown = evidence.length > LONGEST ? `${evidence.slice(0, LONGEST)}…` : evidence;
  const waived =
    waivedBy === undefined
      ? ''
      : ` (waived by ${waivedBy.author} until ${waivedBy.expires}: ${waivedBy.reason})`;
  return onOneLine(`  ${severity}  ${file}:${line}: ${message}: ${shown}${waived}`);
}
