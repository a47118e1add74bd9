import { findLines } from '../find-lines.js';
import { findMarks } from '../find-marks.js';
import type { AuditRule } from '../rule.js';

export const prefixCache: AuditRule = {
  id: 'prefix-cache',
  protects: 'Prompts of fixed lengths are computed, and not remembered.',
  source: 'InferenceX, benchmarks/single_node/fixed_seq_len: servers run without a prefix cache',
  severity: 'red',
  check(file) {
    const isFixed =
      /(?:^|\/)fixed_seq_len\//.test(file.path) || file.entries.some(({ lengths }) => lengths.length > 0);
    if (!isFixed) return findMarks(file, ['cached-prompts']);
    return findLines(file, /(?<![\w-])--enable-prefix-caching\b|\benable_block_reuse\s*:\s*true\b/, () => ({
      message: 'keeps prefixes in a benchmark of fixed lengths',
    }));
  },
};
