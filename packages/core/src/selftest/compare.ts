import type { GoldenRequest } from './golden/log.js';
import type { RunRecord } from '../load/records/record.js';
import { sum } from '../metrics/statistics.js';
import { ITL_MS, type Cell } from './cell.js';
import { failures, inexactness } from './exactness.js';
import { latenciesOf, type Comparison } from './latencies.js';
import type { CellRun } from './run-cell.js';
import { truthOf } from './truth.js';

export interface Measured extends Partial<Comparison> {
  readonly cell: Cell;
  /** Where client and server disagree on what was asked and answered. */
  readonly problems: readonly string[];
  /** What kept requests from completing, as the client says: the cell asked for more than the machine has. */
  readonly failures: readonly string[];
  /** Tokens a second between the first request and the last token, as the server knows. */
  readonly tokensPerS: number;
  /** Of the client's process. */
  readonly cpuUsPerToken?: number;
  /** Cores that the server's busiest process used; each has one thread. */
  readonly serverCores?: number;
  /** Cores that the client's busiest thread used. */
  readonly workerCores?: number;
  /** What kept the rate from being higher, or the schedule from being kept. */
  readonly limit: 'server' | 'client' | 'machine' | 'none';
}

/** A thread that has a core to itself and no more to give uses about this much of it. */
const WHOLE_CORE = 0.9;

/** Whether the server wrote what it was asked to when it was asked to, but for 1 % of writes. */
export function keptSchedule({ lateMs = 0 }: Pick<Measured, 'lateMs'>): boolean {
  return lateMs <= ITL_MS;
}

export function compare(cell: Cell, cellRun: CellRun): Measured {
  const { run, log } = cellRun;
  const truth = truthOf(cell, log);
  const { requests } = truth;
  const tokens = sum(requests.map(({ tokensSent }) => tokensSent));
  const startMs = least(requests.map(({ receivedMs }) => receivedMs));
  const endMs = most(requests.map(({ lastSentMs = startMs }) => lastSentMs));
  // One that waits for its time in a busy loop uses a core whatever it has to do.
  const serverCores = cell.server.spin ? undefined : serverCoresOf(requests, endMs - startMs);
  const workerCores = workerCoresOf(run);
  const { cpuS } = run.client;
  const comparison = cell.kind === 'paced' ? latenciesOf(run, truth) : undefined;
  return {
    cell,
    problems: inexactness(cell, cellRun, truth),
    failures: failures(run.requests),
    tokensPerS: (1000 * tokens) / (endMs - startMs),
    ...(cpuS !== undefined && { cpuUsPerToken: (1e6 * cpuS) / tokens }),
    ...(serverCores !== undefined && { serverCores }),
    ...(workerCores !== undefined && { workerCores }),
    limit: limitOf(cell, { serverCores, workerCores, lateMs: comparison?.lateMs }),
    ...comparison,
  };
}

function serverCoresOf(truth: readonly GoldenRequest[], elapsedMs: number): number | undefined {
  const servers = [...new Set(truth.map(({ server }) => server))];
  const used = servers.flatMap((which) => {
    const own = truth.filter(({ server }) => server === which);
    const cpu = own.flatMap(({ cpuS }) => (cpuS === undefined ? [] : [cpuS]));
    return cpu.length === 0
      ? []
      : [most(cpu.map(({ ended }) => ended)) - least(cpu.map(({ received }) => received))];
  });
  return used.length === 0 ? undefined : (1000 * most(used)) / elapsedMs;
}

function workerCoresOf({ client }: RunRecord): number | undefined {
  const shares = (client.workers ?? []).flatMap(({ cpuShare }) => (cpuShare === undefined ? [] : [cpuShare]));
  return shares.length === 0 ? undefined : most(shares);
}

function limitOf(
  { kind, server }: Cell,
  { serverCores = 0, workerCores = 0, lateMs = 0 }: Pick<Measured, 'serverCores' | 'workerCores' | 'lateMs'>,
): Measured['limit'] {
  if (kind === 'exact' || (kind === 'paced' && keptSchedule({ lateMs }))) return 'none';
  if (serverCores >= WHOLE_CORE || server.spin) return 'server';
  return kind === 'max' && workerCores >= WHOLE_CORE ? 'client' : 'machine';
}

function least(values: readonly number[]): number {
  return values.reduce((a, b) => Math.min(a, b), Infinity);
}

function most(values: readonly number[]): number {
  return values.reduce((a, b) => Math.max(a, b), -Infinity);
}
