import { codecOf } from '../codecs/index.js';
import type { Outcome } from '../exchange.js';
import type { LoadSpec } from '../spec.js';
import type { Ask, Prompt, Prompts } from './prompt.js';
import { textPrompts } from './text-prompts.js';
import { tokenIdPrompts } from './token-ids.js';

/** A server that reads ids as ids adds no more special tokens than this. */
const MOST_SPECIAL_TOKENS = 4;

/** Finds out how the endpoint takes prompts, as far as the spec leaves it open, and makes them. */
export async function settlePrompts(spec: LoadSpec, ask: Ask): Promise<Prompts> {
  const { form } = spec.prompts;
  if (form === 'text') return textPrompts(spec, ask, []);
  if (!codecOf(spec.endpoint.api).takesTokenIds) {
    return textPrompts(spec, ask, form === 'auto' ? [] : ['prompts are text, as the API takes no token ids']);
  }
  const { probe, prompts } = tokenIdPrompts(spec);
  const answer = await ask(probe, form === 'auto');
  const refusal = whyNotIds(answer, probe);
  if (refusal !== undefined && form === 'auto') {
    return textPrompts(spec, ask, [`prompts are text, as the endpoint takes no token ids: ${refusal}`]);
  }
  const notes = [...prompts.facts.notes, ...(refusal === undefined ? [] : [refusal]), ...unchecked(answer)];
  return { ...prompts, facts: { ...prompts.facts, notes } };
}

function whyNotIds(answer: Outcome, { lengths }: Prompt): string | undefined {
  if (answer.state !== 'completed') return answer.error?.message ?? answer.state;
  if (answer.serverPromptTokens === undefined) return undefined;
  const specials = answer.serverPromptTokens - lengths.requestedPromptTokens;
  if (specials >= 0 && specials <= MOST_SPECIAL_TOKENS) return undefined;
  return `it counted ${answer.serverPromptTokens} prompt tokens where ${lengths.requestedPromptTokens} were sent`;
}

/** Without usage nothing speaks against ids that were taken, and text could not be measured either. */
function unchecked(answer: Outcome): string[] {
  return answer.serverPromptTokens === undefined
    ? ['the server gives no prompt_tokens: prompt lengths are unchecked']
    : [];
}
