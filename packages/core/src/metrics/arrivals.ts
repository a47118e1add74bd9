import type { RequestRecord } from '../load/records/record.js';
import { inputTokens } from './request.js';

/** Totals for each of several consecutive time spans. Undefined if one of the requests has no token count. */
export interface Arrivals {
  readonly completed: Float64Array;
  readonly outputTokens?: Float64Array;
  readonly inputTokens?: Float64Array;
}

/**
 * Completed requests, input tokens and output tokens between neighbouring borders (ascending, ms); an arrival on a border belongs
 * to the span before it. A request counts as completed at its last chunk and its input at its first. Each of its chunks counts
 * with the same share of its output tokens, since servers don't report how many tokens a chunk holds.
 */
export function arrivalsBetween(completed: readonly RequestRecord[], borders: ArrayLike<number>): Arrivals {
  const ends = new Float64Array(borders.length - 1);
  const output = new Float64Array(ends.length);
  const input = new Float64Array(ends.length);
  const add = (to: Float64Array, span: number, amount: number): void => {
    if (span >= 0 && span < to.length) to[span] = (to[span] ?? 0) + amount;
  };
  for (const request of completed) {
    const { chunkMs } = request;
    const share = (request.outputTokens ?? 0) / chunkMs.length;
    let span = -1;
    for (let i = 0; i < chunkMs.length; i++) {
      while (span < ends.length && (borders[span + 1] ?? Infinity) < (chunkMs[i] ?? 0)) span++;
      if (i === 0) add(input, span, inputTokens(request) ?? 0);
      add(output, span, share);
    }
    add(ends, span, 1);
  }
  return {
    completed: ends,
    ...(completed.every(({ outputTokens }) => outputTokens !== undefined) && { outputTokens: output }),
    ...(completed.every((request) => inputTokens(request) !== undefined) && { inputTokens: input }),
  };
}
