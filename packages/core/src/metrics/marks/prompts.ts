import type { RequestRecord, RunRecord } from '../../load/records/record.js';
import { completedOf, inputTokens, numbersOf, totalOf } from '../request.js';
import { MARK_LIMITS } from './limits.js';
import { note, type Check, type Mark } from './mark.js';

/** Whether the prompts were those requested. */
export const PROMPT_CHECKS: readonly Check[] = [otherPromptForm, otherPromptCount, otherPromptLength];

/** Token ids that the endpoint refused: the load was not the intended one. */
function otherPromptForm({ prompts }: RunRecord): Mark | undefined {
  if (prompts?.refusal === undefined) return undefined;
  return note(
    'prompt-form',
    `the endpoint refused prompts of token ids, so they are ${prompts.form === 'text' ? 'text' : 'other ids'}: ${prompts.refusal}`,
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
  // A chat endpoint adds a template to the prompt: a constant of any size.
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

/** The template around each message, and the tokens of an answer when it is sent back, are not included in requested lengths. */
function hasChats({ spec, requests }: RunRecord): boolean {
  return spec.endpoint.api === 'chat' && requests.some(({ turn }) => turn !== undefined);
}

/**
 * The lengths in conversations are built from measured costs: they deviate less, but each turn inherits the deviations of earlier
 * ones.
 */
function promptLengthShare({ requests }: RunRecord): number {
  return requests.some(({ turn }: RequestRecord) => turn !== undefined)
    ? MARK_LIMITS.turnLengthShare
    : MARK_LIMITS.promptLengthShare;
}
