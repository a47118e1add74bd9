import type { Outcome, PromptFacts } from '../records/request-record.js';
import type { WorkloadContext } from '../workloads/workload.js';
import type { Prompt, Prompts, WantedForm } from './prompt.js';
import type { Vocabulary } from './random.js';
import { vocabulariesFor } from './token-ids.js';

/** A server that accepts ids as they are adds at most this many special tokens. */
const MOST_SPECIAL_TOKENS = 4;

/** How the endpoint accepts prompts; assumptions and findings as sentences. */
export type Form =
  | ({ readonly kind: 'token-ids'; readonly vocabulary: Vocabulary } & Findings)
  | ({ readonly kind: 'text' } & Findings);

/** Facts found while the form was settled. */
export type Findings = Pick<PromptFacts, 'notes' | 'refusal'>;

/** Finds out how the endpoint accepts prompts. `probe` makes a short prompt of ids that shares no beginning with others. */
export async function settleForm(
  wanted: WantedForm,
  { ask, codec, tokenizer }: WorkloadContext,
  probe: (vocabulary: Vocabulary) => Prompt,
): Promise<Form> {
  if (wanted.form === 'text') return { kind: 'text', notes: [] };
  const isAuto = wanted.form === 'auto';
  if (!codec.takesTokenIds) {
    return { kind: 'text', notes: isAuto ? [] : ['prompts are text, as the API accepts no token ids'] };
  }
  let refusal = '';
  for (const vocabulary of vocabulariesFor(wanted, tokenizer)) {
    const prompt = probe(vocabulary);
    const answer = await ask(prompt, isAuto);
    const why = whyNotIds(answer, prompt);
    if (why === undefined || !isAuto) {
      const assumed = wanted.vocabulary === undefined && tokenizer === undefined;
      const notes = [
        ...(assumed ? [unknownVocabulary(vocabulary)] : []),
        ...(why === undefined ? [] : [why]),
        ...unchecked(answer),
      ];
      return { kind: 'token-ids', vocabulary, notes, ...(refusal !== '' && { refusal }) };
    }
    refusal ||= why;
  }
  return {
    kind: 'text',
    notes: [`prompts are text, as the endpoint accepts no token ids: ${refusal}`],
    refusal,
  };
}

/** The prompts of a form, with the reason if token ids were refused. */
export function withRefusal(prompts: Prompts, { refusal }: Form): Prompts {
  return refusal === undefined ? prompts : { ...prompts, facts: { ...prompts.facts, refusal } };
}

function whyNotIds(answer: Outcome, { lengths }: Prompt): string | undefined {
  if (answer.state !== 'completed') return answer.error?.message ?? answer.state;
  const { requestedPromptTokens } = lengths;
  if (answer.serverPromptTokens === undefined || requestedPromptTokens === undefined) return undefined;
  const specials = answer.serverPromptTokens - requestedPromptTokens;
  if (specials >= 0 && specials <= MOST_SPECIAL_TOKENS) return undefined;
  return `it counted ${answer.serverPromptTokens} prompt tokens where ${requestedPromptTokens} were sent`;
}

function unknownVocabulary({ first, end }: Vocabulary): string {
  return `the vocabulary is unknown: token ids are from [${first}, ${end}), which are plain text in any known model`;
}

/** Without usage there is no evidence against ids that were accepted, and the length of text couldn't be measured either. */
function unchecked(answer: Outcome): string[] {
  return answer.serverPromptTokens === undefined
    ? ['the server gives no prompt_tokens: prompt lengths are unchecked']
    : [];
}
