import type { RunRecord } from '../load/record.js';
import { deliveredOf } from './delivered.js';
import { CLIENT_CHECKS } from './marks/client.js';
import { invalid, note, type Check, type Mark } from './marks/mark.js';
import { completedOf, inputTokens, numbersOf, totalOf, tpotMs } from './request.js';

export type { Mark } from './marks/mark.js';

/** From where on a run is marked, beside CLIENT_LIMITS. Shares are of requests. */
export const MARK_LIMITS = {
  /** Failed requests: fewer are a note, more make the result invalid (upstream InferenceX's gate). */
  failedShare: 0.05,
  /** Outputs of another length than asked for. */
  shortShare: 0.001,
  /** Tokens that a server may put before a prompt (BOS; some models have two such tokens). */
  specialTokens: 2,
  /** Mean prompt length away from the one asked for, where text prompts can only approach it. */
  promptLengthShare: 0.02,
} as const;

const CHECKS: readonly Check[] = [
  nothingCompleted,
  incomplete,
  failedRequests,
  overConcurrency,
  ...CLIENT_CHECKS,
  notStreamed,
  missingUsage,
  otherOutputLength,
  otherPromptCount,
  otherPromptLength,
];

/** Everything about a run that a reader of its numbers has to know. */
export function marksOf(run: RunRecord): Mark[] {
  return CHECKS.map((check) => check(run)).filter((mark) => mark !== undefined);
}

function nothingCompleted(run: RunRecord): Mark | undefined {
  if (completedOf(run).length > 0) return undefined;
  return invalid('no-completed-request', 'no request completed');
}

function incomplete(run: RunRecord): Mark | undefined {
  if (run.complete) return undefined;
  return invalid(
    'incomplete',
    `the run ended early: ${run.requests.length} of ${run.spec.numPrompts} requests`,
  );
}

function failedRequests(run: RunRecord): Mark | undefined {
  const { completed, failed } = deliveredOf(run);
  if (failed === 0) return undefined;
  const message = `${failed} of ${completed + failed} requests did not complete`;
  return failed / (completed + failed) > MARK_LIMITS.failedShare
    ? invalid('failed-requests', message)
    : note('failed-requests', message);
}

function overConcurrency(run: RunRecord): Mark | undefined {
  const asked = run.spec.arrival.concurrency;
  const { peakInFlight } = run.client;
  if (asked === undefined || peakInFlight <= asked) return undefined;
  return invalid(
    'over-concurrency',
    `${peakInFlight} requests were in flight at once, ${asked} were asked for`,
  );
}

/** TTFT and TPOT mean nothing for a response that was held back and came in one piece. */
function notStreamed(run: RunRecord): Mark | undefined {
  const long = completedOf(run).filter((request) => tpotMs(request) !== undefined);
  const atOnce = long.filter((request) => request.chunkMs.length === 1);
  if (atOnce.length * 2 <= long.length) return undefined;
  return invalid('not-streamed', `${atOnce.length} of ${long.length} responses came in one piece`);
}

function missingUsage(run: RunRecord): Mark | undefined {
  const completed = completedOf(run);
  const missing = completed.filter((request) => request.outputTokens === undefined).length;
  if (missing === 0) return undefined;
  return note(
    'missing-usage',
    `${missing} of ${completed.length} responses came without usage: token throughput can not be told`,
  );
}

function otherOutputLength(run: RunRecord): Mark | undefined {
  const known = completedOf(run).filter((request) => request.outputTokens !== undefined);
  const short = known.filter((request) => request.outputTokens !== request.requestedOutputTokens).length;
  if (short <= MARK_LIMITS.shortShare * known.length) return undefined;
  return note('short', `${short} of ${known.length} outputs have another length than asked for`);
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
  if (Math.abs(made - asked) <= MARK_LIMITS.promptLengthShare * asked) return undefined;
  const percent = (100 * Math.abs(made / asked - 1)).toFixed(1);
  return note(
    'prompt-length',
    `prompts are ${percent} % ${made > asked ? 'longer' : 'shorter'} than asked for (${made} tokens, ${asked} asked)`,
  );
}
