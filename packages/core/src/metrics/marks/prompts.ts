import type { RequestRecord, RunRecord } from '../../load/records/record.js';
import { completedOf, inputTokens, numbersOf, totalOf } from '../request.js';
import { MARK_LIMITS } from './limits.js';
import { note, type Check, type Mark } from './mark.js';

/** Whether the prompts were those that were asked for. */
export const PROMPT_CHECKS: readonly Check[] = [otherPromptForm, otherPromptCount, otherPromptLength];

/** Token ids that the endpoint refused: it was loaded with something else than it would have been. */
function otherPromptForm({ prompts }: RunRecord): Mark | undefined {
  if (prompts?.refusal === undefined) return undefined;
  return note(
    'prompt-form',
    `the endpoint refused prompts of token ids, so that they are ${prompts.form === 'text' ? 'text' : 'other ids'}: ${prompts.refusal}`,
  );
}

function otherPromptCount(run: RunRecord): Mark | undefined {
  const extra = numbersOf(completedOf(run), ({ promptTokens, serverPromptTokens }) =>
    promptTokens === undefined || serverPromptTokens === undefined
      ? undefined
      : serverPromptTokens - promptTokens,
  );
  if (extra.length === 0) return undefined;
  const least = extra.reduce((a, b) => Math.min(a, b));
  const most = extra.reduce((a, b) => Math.max(a, b));
  // A chat endpoint puts a template around the prompt: a constant of any size.
  const allowed = run.spec.endpoint.api === 'chat' ? Infinity : MARK_LIMITS.specialTokens;
  if (least === most && least >= 0 && least <= allowed) return undefined;
  return note(
    'prompt-count',
    `the server's count of a prompt's tokens minus the client's is ${least === most ? least : `between ${least} and ${most}`}`,
  );
}

function otherPromptLength(run: RunRecord): Mark | undefined {
  const asked = totalOf(run, (request) => request.requestedPromptTokens);
  const made = totalOf(run, inputTokens);
  if (asked === undefined || made === undefined) return undefined;
  if (Math.abs(made - asked) <= promptLengthShare(run) * asked) return undefined;
  if (made > asked && hasChats(run)) return undefined;
  const percent = (100 * Math.abs(made / asked - 1)).toFixed(1);
  return note(
    'prompt-length',
    `prompts are ${percent} % ${made > asked ? 'longer' : 'shorter'} than requested (${made} tokens instead of ${asked})`,
  );
}

/** What a template puts around each message, and how an answer is tokenized when it is sent back, is in no length that is asked for. */
function hasChats({ spec, requests }: RunRecord): boolean {
  return spec.endpoint.api === 'chat' && requests.some(({ turn }) => turn !== undefined);
}

/** Turns of a conversation are made of what was measured: they are off by less, and each takes over what the ones before are off by. */
function promptLengthShare({ requests }: RunRecord): number {
  return requests.some(({ turn }: RequestRecord) => turn !== undefined)
    ? MARK_LIMITS.turnLengthShare
    : MARK_LIMITS.promptLengthShare;
}
