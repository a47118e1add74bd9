import { median } from '../../metrics/statistics.js';
import { backlogOf, type Backlog } from './backlog.js';
import { evidenceOf, type Evidence } from './evidence.js';
import type { Objective } from './objectives.js';
import type { Sample } from './samples.js';

/** What a load has shown. */
export interface Seen {
  /** For each objective. */
  readonly evidence: readonly Evidence[];
  /** The same of the first requests alone: what is so must have been so before. */
  readonly earlier: readonly Evidence[];
  /** Requests in flight. */
  readonly backlog: Backlog;
  /** It went on for long enough that the server had filled up. */
  readonly isSettled: boolean;
}

/** Time that is left out at the beginning, in times that a request takes: the server fills up. */
const SETTLING = 3;
/** Share of the requests that make the earlier evidence. */
export const EARLIER_SHARE = 5 / 8;

/** @param samples requests in order @param isOpenLoop they come whether or not others have ended */
export function seenIn(
  samples: readonly Sample[],
  objectives: readonly Objective[],
  isOpenLoop: boolean,
): Seen {
  const { from, isSettled } = settling(samples);
  const settled = samples.slice(from);
  const evidenceIn = (part: readonly Sample[]): readonly Evidence[] =>
    objectives.map(({ share }, i) =>
      evidenceOf(
        part.map(({ ratios }) => ratios[i] ?? 0),
        share,
      ),
    );
  return {
    evidence: evidenceIn(settled),
    earlier: evidenceIn(settled.slice(0, Math.floor(EARLIER_SHARE * settled.length))),
    backlog: backlogOf(samples, from, isOpenLoop),
    isSettled,
  };
}

/** The first request of when the server has filled up, and whether the load was long enough to say so. */
function settling(samples: readonly Sample[]): { readonly from: number; readonly isSettled: boolean } {
  const [first, last] = [samples[0], samples.at(-1)];
  if (first === undefined || last === undefined) return { from: 0, isSettled: false };
  const settlingMs = SETTLING * (median(samples.map(({ dueMs, endMs }) => endMs - dueMs)) ?? 0);
  const halfMs = (last.dueMs - first.dueMs) / 2;
  const fromMs = first.dueMs + Math.min(settlingMs, halfMs);
  return { from: samples.findIndex(({ dueMs }) => dueMs >= fromMs), isSettled: settlingMs <= halfMs };
}
