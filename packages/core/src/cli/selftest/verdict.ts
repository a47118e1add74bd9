import { ITL_MS, TTFT_MS } from './cell.js';
import { keptSchedule, type Measured } from './compare.js';

/** The most that was measured within a bound of the truth. */
export interface Level {
  readonly streams: number;
  readonly tokensPerS: number;
}

/** What a number of workers can do on this machine. */
export interface Roofline {
  readonly workers: number;
  /** Every latency of the table within 1 ms of the truth. */
  readonly within1Ms?: Level;
  /** Every latency of the table within 5 % of the schedule. */
  readonly within5Percent?: Level;
  /** The highest rate at each number of tokens a write, and what it was limited by. */
  readonly max: readonly (Pick<Measured, 'tokensPerS' | 'limit'> & { readonly eventsPerWrite: number })[];
}

const BOUND_MS = 1;
const BOUND_SHARE = 0.05;

export function isWithin1Ms(measured: Measured): boolean {
  return isWithin(measured, BOUND_MS, BOUND_MS);
}

/** Of the latencies that were asked for: a server that is slower than that is no excuse. */
export function isWithin5Percent(measured: Measured): boolean {
  return isWithin(measured, BOUND_SHARE * TTFT_MS, BOUND_SHARE * ITL_MS);
}

function isWithin({ errors, ...measured }: Measured, ttftMs: number, itlMs: number): boolean {
  if (errors === undefined || !keptSchedule(measured)) return false;
  const { meanTtft, p99Ttft, meanItl, p99Itl } = errors;
  const within =
    (bound: number) =>
    (error: number): boolean =>
      Math.abs(error) <= bound;
  return [meanTtft, p99Ttft].every(within(ttftMs)) && [meanItl, p99Itl].every(within(itlMs));
}

export function rooflineOf(workers: number, measured: readonly Measured[]): Roofline {
  const own = measured.filter(({ cell }) => cell.workers === workers);
  const paced = own.filter(({ cell, problems }) => cell.kind === 'paced' && problems.length === 0);
  const within1Ms = highest(paced.filter(isWithin1Ms));
  const within5Percent = highest(paced.filter(isWithin5Percent));
  return {
    workers,
    ...(within1Ms && { within1Ms }),
    ...(within5Percent && { within5Percent }),
    max: own
      .filter(({ cell }) => cell.kind === 'max')
      .map(({ cell, tokensPerS, limit }) => ({
        eventsPerWrite: cell.server.eventsPerWrite ?? 1,
        tokensPerS,
        limit,
      })),
  };
}

function highest(cells: readonly Measured[]): Level | undefined {
  const best = cells.reduce<Measured | undefined>(
    (most, next) => (most === undefined || next.cell.streams > most.cell.streams ? next : most),
    undefined,
  );
  return best && { streams: best.cell.streams, tokensPerS: best.tokensPerS };
}
