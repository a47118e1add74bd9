import { until } from '../arrival/schedule.js';
import type { Clock } from '../health/clock.js';
import type { Outcome } from '../records/request-record.js';
import { failure } from '../client/failure.js';
import type { Conversation } from '../prompts/conversation.js';
import type { Prompt, PromptSource, Turn } from '../prompts/prompt.js';
import type { RequestRecord } from '../records/record.js';

export interface TurnsOptions {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly prompt: PromptSource;
  /** Whether records include the text of answers. */
  readonly keepText: boolean;
  /** Never rejects. */
  send(slot: number, prompt: Prompt, index: number): Promise<Outcome>;
  /** Called as each turn ends; not for turns that had not begun when the run was stopped. */
  onRecord(record: RequestRecord): void;
}

/**
 * Sends the turns of a conversation one after the other, each with everything said before. Resolves with the end time of the last
 * one, ms.
 */
export async function sendTurns(
  conversation: Conversation,
  slot: number,
  scheduledMs: number,
  options: TurnsOptions,
): Promise<number> {
  const { first, end, thinkMs } = conversation;
  // An independent request.
  if (thinkMs === undefined)
    return sendTurn(first, slot, scheduledMs, [], options).then(({ doneMs }) => doneMs);
  const history: Turn[] = [];
  let dueMs = scheduledMs;
  for (let index = first; index < end; index++) {
    if (index > first && !(await until((dueMs += thinkMs[index] ?? 0), withNow(options)))) break;
    const { doneMs, outcome } = await sendTurn(index, slot, dueMs, history, options, index - first);
    dueMs = doneMs;
    // An impossible count fails only its own request: the conversation still has its answer.
    if (outcome.state === 'completed' || outcome.error?.code === 'impossible-usage') {
      history.push({ userJson: options.prompt(index).json, answer: outcome.text ?? '' });
      continue;
    }
    if (outcome.state !== 'cancelled') breakOff(index, end, first, dueMs, options);
    break;
  }
  return dueMs;
}

async function sendTurn(
  index: number,
  slot: number,
  scheduledMs: number,
  history: readonly Turn[],
  options: TurnsOptions,
  turn?: number,
): Promise<{ readonly outcome: Outcome; readonly doneMs: number }> {
  const made = options.prompt(index);
  const outcome = await options.send(slot, history.length > 0 ? { ...made, history } : made, index);
  if (outcome.state !== 'cancelled' || outcome.sentMs !== undefined) {
    options.onRecord({
      index,
      scheduledMs,
      ...(turn !== undefined && { turn }),
      ...made.lengths,
      ...(options.keepText ? outcome : withoutText(outcome)),
    });
  }
  return { outcome, doneMs: outcome.doneMs ?? options.clock.now() };
}

/** Turns after a failed one have no history to continue: they count as failed, as no request may be lost. */
function breakOff(
  failed: number,
  end: number,
  first: number,
  scheduledMs: number,
  options: TurnsOptions,
): void {
  for (let index = failed + 1; index < end; index++) {
    options.onRecord({
      index,
      turn: index - first,
      state: 'failed',
      scheduledMs,
      ...options.prompt(index).lengths,
      chunkMs: [],
      error: failure('conversation-broken', `request ${failed} before it in its conversation failed`),
    });
  }
}

function withoutText(outcome: Outcome): Outcome {
  if (outcome.text === undefined) return outcome;
  const { text: _, ...rest } = outcome;
  return rest;
}

function withNow({ clock, signal }: TurnsOptions): { now(): number; readonly signal: AbortSignal } {
  return { now: () => clock.now(), signal };
}
