import { SweeplineError } from '../../errors.js';
import type { RequestRecord } from '../../load/records/record.js';
import type { LoadSpec } from '../../load/spec/spec.js';
import { tpotMs } from '../../metrics/request.js';

/** Longest latencies of a request, ms. */
export type Limits = NonNullable<LoadSpec['slos']>;

/** At least a share of the requests keeps all of these limits. A request that fails keeps none. */
export interface Objective {
  readonly share: number;
  readonly limits: Limits;
}

/** From when latencies are counted: from when a request was due, or from when it was sent. */
export type Since = 'due' | 'sent';

/**
 * The largest of a request's latencies over its limit: above 1 it has broken the objective. Infinity for a request that failed;
 * undefined where that is not known, as the load was stopped while the request was in flight.
 * @throws {SweeplineError} REQUEST_FAILED for an answer without usage, whose TPOT nobody knows.
 */
export function ratioOf(request: RequestRecord, limits: Limits, since: Since): number | undefined {
  const { state, chunkMs, scheduledMs, sentMs } = request;
  if (state === 'failed' || state === 'timed-out') return Infinity;
  const begin = since === 'due' ? scheduledMs : sentMs;
  if (begin === undefined) return undefined;
  const over = (ms: number | undefined, limit = Infinity): number => ((ms ?? begin) - begin) / limit;
  const first = over(chunkMs[0], limits.ttftMs);
  if (state === 'cancelled') {
    // What it has broken already stays broken; of the rest nothing is known.
    const waited = Math.max(first, over(endOf(request), firstLimit(request, limits)));
    return waited > 1 ? waited : undefined;
  }
  return Math.max(first, over(endOf(request), limits.e2elMs), tpotOver(request, limits));
}

/** When a request ended, or was given up: ms on the run's clock. */
export function endOf({ chunkMs, doneMs, state }: RequestRecord): number | undefined {
  return state === 'completed' ? chunkMs[chunkMs.length - 1] : (doneMs ?? chunkMs[chunkMs.length - 1]);
}

/** What a request in flight must not wait for longer than. */
function firstLimit({ chunkMs }: RequestRecord, { ttftMs = Infinity, e2elMs = Infinity }: Limits): number {
  return chunkMs.length === 0 ? Math.min(ttftMs, e2elMs) : e2elMs;
}

/** A request of one token keeps any TPOT, as in goodput. */
function tpotOver(request: RequestRecord, { tpotMs: limit }: Limits): number {
  if (limit === undefined) return 0;
  if (request.outputTokens === undefined) {
    throw new SweeplineError('REQUEST_FAILED', 'an answer came without usage: its TPOT is not known', {
      hint: 'Let the server send usage with its streams (stream_options.include_usage), or leave tpot out of --slo',
    });
  }
  return (tpotMs(request) ?? 0) / limit;
}

const NAMES: Readonly<Record<keyof Limits, string>> = { ttftMs: 'TTFT', tpotMs: 'TPOT', e2elMs: 'E2EL' };

/** `at least 99 % of requests keep TTFT ≤ 500 ms and TPOT ≤ 50 ms`. */
export function objectiveText({ share, limits }: Objective): string {
  const parts = (Object.keys(NAMES) as (keyof Limits)[]).flatMap((key) => {
    const limit = limits[key];
    return limit === undefined ? [] : [`${NAMES[key]} ≤ ${limit} ms`];
  });
  return `at least ${Number((100 * share).toFixed(4))} % of requests keep ${parts.join(' and ')}`;
}
