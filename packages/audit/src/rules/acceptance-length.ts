import { findLines } from '../find-lines.js';
import { findMarks } from '../find-marks.js';
import type { AuditRule } from '../rule.js';

/** Settings that make an engine accept a given number of draft tokens. TensorRT-LLM's leaves out the token that is always there. */
const INJECTED = [
  { pattern: /SGLANG_SIMULATE_ACC_LEN["']?\s*[:=]\s*["']?(\d+(?:\.\d+)?)?/, more: 0 },
  { pattern: /synthetic_acceptance_length\\?["']?\s*[:=]\s*["']?(\d+(?:\.\d+)?)?/, more: 0 },
  { pattern: /TLLM_SPEC_DECODE_FORCE_NUM_ACCEPTED_TOKENS["']?\s*[:=]\s*["']?(\d+(?:\.\d+)?)?/, more: 1 },
] as const;

export const acceptanceLength: AuditRule = {
  id: 'acceptance-length',
  protects:
    'Speculative decoding is as fast as with real text: accepted lengths are measured, or the golden ones.',
  source: 'InferenceX, golden_al_distribution/README.md and docs/PR_REVIEW_CHECKLIST.md',
  severity: 'red',
  check: (file, { goldenLengths }) => [
    ...findMarks(file, ['acceptance-injected']),
    ...INJECTED.flatMap(({ pattern, more }) =>
      findLines(file, pattern, (evidence) => {
        if (/(?:^|\/)(?:fixed_seq_len|1k1k|1k8k|8k1k)(?:\/|$)/.test(file.path))
          return { message: 'gives the acceptance length of a workload in which it has to be measured' };
        const value = pattern.exec(evidence)?.[1];
        if (value === undefined || goldenLengths === undefined) return undefined;
        const length = (Number(value) + more).toFixed(2);
        return goldenLengths.has(length)
          ? undefined
          : {
              message: `gives an acceptance length of ${length}, which no golden distribution has`,
              severity: 'look',
            };
      }),
    ),
  ],
};
