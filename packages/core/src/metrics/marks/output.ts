import type { RequestRecord, RunRecord } from '../../load/records/record.js';
import { tokensAsked } from '../../load/client/usage.js';
import { completedOf } from '../request.js';
import { MARK_LIMITS } from './limits.js';
import { invalid, note, type Check, type Mark } from './mark.js';

/** Whether the server's reports about its answers are possible, and match what was requested. */
export const OUTPUT_CHECKS: readonly Check[] = [missingUsage, impossibleUsage, otherOutputLength, afterDone];

function missingUsage(run: RunRecord): Mark | undefined {
  const completed = completedOf(run);
  const missing = completed.filter((request) => request.outputTokens === undefined).length;
  if (missing === 0) return undefined;
  return note(
    'missing-usage',
    `${missing} of ${completed.length} responses came without usage: token throughput is unknown`,
  );
}

/** They count as failed: nothing about their output is known. */
function impossibleUsage({ requests }: RunRecord): Mark | undefined {
  const impossible = requests.filter(({ error }) => error?.code === 'impossible-usage');
  if (impossible.length === 0) return undefined;
  const message =
    `${impossible.length} of ${requests.length} responses have impossible token counts ` +
    `and count as failed; the first: ${impossible[0]?.error?.message}`;
  return impossible.length > MARK_LIMITS.failedShare * requests.length
    ? invalid('impossible-usage', message)
    : note('impossible-usage', message);
}

/** By requests and by tokens: one answer may be as long as all others together. */
function otherOutputLength(run: RunRecord): Mark | undefined {
  const known = completedOf(run).filter((request) => request.outputTokens !== undefined);
  const beyond = known.map((request) => beyondAsked(request, run));
  const others = beyond.filter((tokens) => tokens !== 0).length;
  const asked = known.reduce((sum, request) => sum + askedOf(request, run), 0);
  const away = beyond.reduce((sum, tokens) => sum + Math.abs(tokens), 0);
  const above = beyond.reduce((sum, tokens) => sum + Math.max(0, tokens), 0);
  const limit = MARK_LIMITS.shortShare;
  if (others <= limit * known.length && away <= limit * asked) return undefined;
  const message =
    `${others} of ${known.length} outputs have a different length than requested, ` +
    `by ${((100 * away) / asked).toFixed(1)} % of all tokens`;
  return above > MARK_LIMITS.excessShare * asked
    ? invalid('short', `${message}; they are longer: the server ignores max_tokens, or its count is wrong`)
    : note('short', message);
}

function beyondAsked(request: RequestRecord, run: RunRecord): number {
  return (request.outputTokens ?? 0) - askedOf(request, run);
}

function askedOf({ requestedOutputTokens }: RequestRecord, { spec }: RunRecord): number {
  return tokensAsked(requestedOutputTokens, spec.extraBody);
}

function afterDone({ requests }: RunRecord): Mark | undefined {
  const late = requests.filter(({ lateEvents = 0 }) => lateEvents > 0).length;
  if (late === 0) return undefined;
  return note(
    'after-done',
    `${late} of ${requests.length} responses continued after [DONE]; later events are not counted`,
  );
}
