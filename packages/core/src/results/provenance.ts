import type { RunRecord } from '../load/records/record.js';
import { workloadOf } from '../load/workloads/index.js';
import type { Provenance } from './schema.js';

/** How a run's prompts were made and sent to the server. */
export function promptsOf({ prompts, spec }: RunRecord): Pick<Provenance, 'prompts'> {
  if (prompts === undefined) return {};
  const { tokenizer } = spec;
  const chatTemplate = workloadOf(spec.prompts).inTemplate?.(spec.prompts);
  return {
    prompts: {
      form: prompts.form,
      ...(tokenizer === undefined ? {} : { tokenizer }),
      ...(chatTemplate === undefined ? {} : { chatTemplate }),
    },
  };
}
