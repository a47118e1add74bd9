import { findLines } from '../find-lines.js';
import { findMarks } from '../find-marks.js';
import type { AuditRule } from '../rule.js';

export const usageHonesty: AuditRule = {
  id: 'usage-honesty',
  protects: 'Tokens are those that the server counted.',
  source: "Sweepline, docs/methodology.md: tokens come from the server's usage",
  severity: 'red',
  check: (file) => [
    ...findLines(
      file,
      /(?<![\w-])--(?:ignore-usage|no-include-usage)\b|\binclude_usage["']?\s*[:=]\s*(?:false|False|0)\b/,
      () => ({ message: "keeps the server's count of tokens from the client" }),
    ),
    ...findMarks(file, ['impossible-usage', 'missing-usage']),
  ],
};
