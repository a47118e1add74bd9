import type { RunRecord } from '../../load/records/record.js';
import { workloadOf } from '../../load/workloads/index.js';
import { note, type Mark } from './mark.js';

/**
 * Recipes with speculative decoding ask for a chat template: without it, fewer tokens are accepted than in real chats.
 * @param isAsked whether the plan asks for one
 */
export function templateMarks(isAsked: boolean, { spec: { prompts, endpoint } }: RunRecord): readonly Mark[] {
  const isApplied = endpoint.api === 'chat' || workloadOf(prompts).inTemplate?.(prompts) === true;
  if (isApplied || !isAsked) return [];
  const message =
    "the recipe asks for the chat template, but prompts are not in it: that needs the model's tokenizer";
  return [note('no-chat-template', message)];
}
