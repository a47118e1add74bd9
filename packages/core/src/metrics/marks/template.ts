import type { RunRecord } from '../../load/records/record.js';
import { workloadOf } from '../../load/workloads/index.js';
import { note, type Mark } from './mark.js';

/**
 * Recipes of speculative decoding ask for a chat template, without which fewer tokens are accepted than chats would have.
 * @param isAsked whether the plan asks for one
 */
export function templateMarks(isAsked: boolean, { spec: { prompts, endpoint } }: RunRecord): readonly Mark[] {
  const isApplied = endpoint.api === 'chat' || workloadOf(prompts).inTemplate?.(prompts) === true;
  if (isApplied || !isAsked) return [];
  const message =
    "prompts are not in the chat template that the recipe asks for, which takes the model's tokenizer";
  return [note('no-chat-template', message)];
}
