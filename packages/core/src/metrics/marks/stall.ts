import type { RunRecord } from '../../load/records/record.js';
import { stallsOf, type Stall } from '../stalls.js';
import { percent, windowS, workersOf } from './client-facts.js';
import { MARK_LIMITS } from './limits.js';
import { invalid, note, type Check, type Mark } from './mark.js';

/** Times at which the server as a whole was stalled. */
export const STALL_CHECKS: readonly Check[] = [serverStall];

/** Most stalls that a message lists; the longest. */
const MOST_TOLD = 3;

function serverStall(run: RunRecord): Mark | undefined {
  const stalls = serverStallsOf(run);
  if (stalls.length === 0) return undefined;
  const lostMs = stalls.reduce((sum, stall) => sum + stall.lostMs, 0);
  const share = lostMs / (1000 * windowS(run));
  const told = [...stalls].sort((a, b) => b.lostMs - a.lostMs).slice(0, MOST_TOLD);
  const message =
    `no token arrived from any stream for ${seconds(lostMs)}, ${percent(share)} of the window` +
    `${stalls.length > 1 ? `, in ${stalls.length} stalls` : ''}: ${told.map((stall) => describe(stall, run)).join('; ')}; ` +
    "look at the server's log of that time";
  return share > MARK_LIMITS.stallShare
    ? invalid('server-stall', `${message}; limit ${percent(MARK_LIMITS.stallShare)}`)
    : note('server-stall', message);
}

/** Stalls that are not the client's own: a paused client also sees no tokens. */
export function serverStallsOf(run: RunRecord): readonly Stall[] {
  return stallsOf(run).filter((stall) => 2 * pausedMs(run, stall) < stall.endMs - stall.startMs);
}

function pausedMs(run: RunRecord, { startMs, endMs }: Stall): number {
  const perWorker = workersOf(run).map(({ pauses }) =>
    (pauses?.longest ?? []).reduce(
      (sum, pause) =>
        sum + Math.max(0, Math.min(endMs, pause.startMs + pause.ms) - Math.max(startMs, pause.startMs)),
      0,
    ),
  );
  return Math.max(0, ...perWorker);
}

function describe({ startMs, endMs, decoding, waiting }: Stall, { originUnixMs, window }: RunRecord): string {
  const whom = [
    ...(decoding > 0 ? [`${decoding} past their first token`] : []),
    ...(waiting > 0 ? [`${waiting} waiting for it`] : []),
  ].join(', ');
  return (
    `${seconds(endMs - startMs)} from ${seconds(startMs - window.startMs)} after the window began ` +
    `(${atClock(originUnixMs + startMs)}), ${whom}`
  );
}

/** Damaged records may contain a time that no calendar has. */
function atClock(unixMs: number): string {
  const date = new Date(unixMs);
  return Number.isNaN(date.getTime()) ? 'at no known time' : date.toISOString();
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
