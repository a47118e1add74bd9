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
  /** Differences between client and server about requests and answers. */
  readonly problems: readonly string[];
  /** Why requests failed, according to the client: the cell needed more than the machine has. */
  readonly failures: readonly string[];
  /** Tokens per second between the first request and the last token, by the server's clock. */
  readonly tokensPerS: number;
  /** CPU use of the client's process. */
  readonly cpuUsPerToken?: number;
  /** Cores used by the server's busiest process; each has one thread. */
  readonly serverCores?: number;
  /** Cores used by the client's busiest thread. */
  readonly workerCores?: number;
  /** What limited the rate, or made the schedule late. */
  readonly limit: 'server' | 'client' | 'machine' | 'none';
}

/** A thread that saturates a core uses about this share of it. */
const WHOLE_CORE = 0.9;

/** Whether the server made at least 99 % of its writes on time. */
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
  // A process that waits in a busy loop uses a full core whatever it does.
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
