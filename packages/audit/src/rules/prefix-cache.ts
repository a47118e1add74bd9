import { findLines } from '../find-lines.js';
import type { AuditRule } from '../rule.js';

export const prefixCache: AuditRule = {
  id: 'prefix-cache',
  protects: 'Prompts of fixed lengths are computed, and not remembered.',
  source: 'InferenceX, benchmarks/single_node/fixed_seq_len: servers run without a prefix cache',
  severity: 'red',
  check(file) {
    if (!/(?:^|\/)fixed_seq_len\//.test(file.path)) return [];
    return findLines(file, /(?<![\w-])--enable-prefix-caching\b|\benable_block_reuse\s*:\s*true\b/, () => ({
      message: 'keeps prefixes in a benchmark of fixed lengths',
    }));
  },
};
