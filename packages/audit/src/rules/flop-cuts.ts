import { findLines } from '../find-lines.js';
import type { AuditRule } from '../rule.js';

const OVERRIDES = /(?<![\w-])--(?:hf-overrides|json-model-override-args)\b.*|\bhf_overrides\s*[:=].*/;
/** Fields of a model's config on which its arithmetic depends. */
const ARITHMETIC =
  /num_hidden_layers|num_experts_per_tok|n_routed_experts|num_local_experts|num_attention_heads|index_topk|moe_top_?k|top_?k_experts/;

export const flopCuts: AuditRule = {
  id: 'flop-cuts',
  protects: 'The model that was measured does all of its arithmetic.',
  source: 'InferenceX, docs/PR_REVIEW_CHECKLIST.md: nothing that takes FLOPs from the architecture',
  severity: 'red',
  check: (file) =>
    findLines(file, OVERRIDES, (evidence) =>
      ARITHMETIC.test(evidence)
        ? { message: 'overrides a field of the model that its arithmetic depends on' }
        : { message: 'overrides fields of the model: none may take arithmetic away', severity: 'look' },
    ),
};
