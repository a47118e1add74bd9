import { ITL_MS, TTFT_MS } from './cell.js';
import { keptSchedule, type Measured } from './compare.js';

/** The highest load that was measured within an error bound. */
export interface Level {
  readonly streams: number;
  /** The lowest rate of the runs within the bound. */
  readonly tokensPerS: number;
  /** Runs with this many streams, and how many of them were within the bound: more than half. */
  readonly runs: number;
  readonly met: number;
}

/** The limits for a number of workers on this machine. */
export interface Roofline {
  readonly workers: number;
  /** Numbers of streams that were tried, ascending. */
  readonly tried: readonly number[];
  /** Every error of the table at most 1 ms. */
  readonly within1Ms?: Level;
  /** Every error of the table at most 5 % of the schedule. */
  readonly within5Percent?: Level;
  /** The highest rate for each number of tokens per write, and what limited it. */
  readonly max: readonly (Pick<Measured, 'tokensPerS' | 'limit'> & { readonly eventsPerWrite: number })[];
}

export type Bound = (measured: Measured) => boolean;

const BOUND_MS = 1;
const BOUND_SHARE = 0.05;

export function isWithin1Ms(measured: Measured): boolean {
  return isWithin(measured, BOUND_MS, BOUND_MS);
}

/** Relative to the scheduled latencies: a slow server must not excuse the client. */
export function isWithin5Percent(measured: Measured): boolean {
  return isWithin(measured, BOUND_SHARE * TTFT_MS, BOUND_SHARE * ITL_MS);
}

function isWithin(measured: Measured, ttftMs: number, itlMs: number): boolean {
  if (measured.errors === undefined || !isWhole(measured) || !keptSchedule(measured)) return false;
  const { meanTtft, p99Ttft, meanItl, p99Itl } = measured.errors;
  const within =
    (bound: number) =>
    (error: number): boolean =>
      Math.abs(error) <= bound;
  return [meanTtft, p99Ttft].every(within(ttftMs)) && [meanItl, p99Itl].every(within(itlMs));
}

function isWhole({ problems, failures }: Measured): boolean {
  return problems.length === 0 && failures.length === 0;
}

export function rooflineOf(workers: number, measured: readonly Measured[]): Roofline {
  const own = measured.filter(({ cell }) => cell.workers === workers);
  const paced = own.filter(({ cell }) => cell.kind === 'paced');
  const tried = [...new Set(paced.map(({ cell }) => cell.streams))].sort((a, b) => a - b);
  const reached = (bound: Bound): Level | undefined =>
    tried
      .flatMap((streams) =>
        levelOf(
          paced.filter(({ cell }) => cell.streams === streams),
          bound,
        ),
      )
      .at(-1);
  const within1Ms = reached(isWithin1Ms);
  const within5Percent = reached(isWithin5Percent);
  return {
    workers,
    tried,
    ...(within1Ms && { within1Ms }),
    ...(within5Percent && { within5Percent }),
    max: own
      .filter((measured) => measured.cell.kind === 'max' && isWhole(measured))
      .map(({ cell, tokensPerS, limit }) => ({
        eventsPerWrite: cell.server.eventsPerWrite ?? 1,
        tokensPerS,
        limit,
      })),
  };
}

/** Most runs of a level decide: a single one may have been lucky, or disturbed. */
function levelOf(runs: readonly Measured[], bound: Bound): Level[] {
  const [first, ...others] = runs.filter(bound);
  const met = 1 + others.length;
  if (first === undefined || 2 * met <= runs.length) return [];
  const tokensPerS = others.reduce((least, run) => Math.min(least, run.tokensPerS), first.tokensPerS);
  return [{ streams: first.cell.streams, tokensPerS, runs: runs.length, met }];
}
