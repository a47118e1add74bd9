import type { RunRecord } from '../load/records/record.js';
import type { Provenance } from './schema.js';

/** How a run's prompts were made and given to the server. */
export function promptsOf({ prompts, spec }: RunRecord): Pick<Provenance, 'prompts'> {
  if (prompts === undefined) return {};
  const { tokenizer } = spec;
  const chatTemplate = 'useChatTemplate' in spec.prompts ? spec.prompts.useChatTemplate : undefined;
  return {
    prompts: {
      form: prompts.form,
      ...(tokenizer === undefined ? {} : { tokenizer }),
      ...(chatTemplate === undefined ? {} : { chatTemplate }),
    },
  };
}
