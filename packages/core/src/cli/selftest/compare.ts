import type { GoldenRequest } from '../../load/golden/log.js';
import type { RunRecord } from '../../load/record.js';
import { mean, percentile, sum } from '../../metrics/statistics.js';
import { ITL_MS, type Cell } from './cell.js';
import { inexactness, measuredRequests } from './exactness.js';
import type { CellRun } from './run-cell.js';

/** Latencies of a cell, ms. */
export interface Latencies {
  readonly meanTtft: number;
  readonly p99Ttft: number;
  readonly meanItl: number;
  readonly p99Itl: number;
}

export interface Measured {
  readonly cell: Cell;
  /** Where client and server disagree on what was asked and answered. */
  readonly problems: readonly string[];
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
  /** How late the server's writes were, p99, ms; they are compared as they were and not as they were due. */
  readonly lateMs?: number;
  /** Of cells with a schedule: what the server did, and the client's figure minus the server's. */
  readonly truth?: Latencies;
  readonly errors?: Latencies;
}

/** A thread that has a core to itself and no more to give uses about this much of it. */
const WHOLE_CORE = 0.9;

/** Whether the server wrote what it was asked to when it was asked to, but for 1 % of writes. */
export function keptSchedule({ lateMs = 0 }: Pick<Measured, 'lateMs'>): boolean {
  return lateMs <= ITL_MS;
}

export function compare(cell: Cell, cellRun: CellRun): Measured {
  const { run } = cellRun;
  const truth = measuredRequests(cell, cellRun);
  const tokens = sum(truth.map(({ tokensSent }) => tokensSent));
  const startMs = least(truth.map(({ receivedMs }) => receivedMs));
  const endMs = most(truth.map(({ lastSentMs = startMs }) => lastSentMs));
  const serverCores = serverCoresOf(truth, endMs - startMs);
  const workerCores = workerCoresOf(run);
  const { cpuS } = run.client;
  const latencies = cell.kind === 'paced' ? latenciesOf(run, truth) : {};
  return {
    cell,
    problems: inexactness(cell, cellRun),
    tokensPerS: (1000 * tokens) / (endMs - startMs),
    ...(cpuS !== undefined && { cpuUsPerToken: (1e6 * cpuS) / tokens }),
    ...(serverCores !== undefined && { serverCores }),
    ...(workerCores !== undefined && { workerCores }),
    limit: limitOf(cell, { serverCores, workerCores, lateMs: latencies.lateMs }),
    ...latencies,
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
  { kind }: Cell,
  { serverCores = 0, workerCores = 0, lateMs = 0 }: Pick<Measured, 'serverCores' | 'workerCores' | 'lateMs'>,
): Measured['limit'] {
  if (serverCores >= WHOLE_CORE) return 'server';
  if (kind === 'max') return workerCores >= WHOLE_CORE ? 'client' : 'machine';
  if (kind === 'paced' && !keptSchedule({ lateMs })) return 'machine';
  return 'none';
}

function latenciesOf(
  { requests }: RunRecord,
  truth: readonly GoldenRequest[],
): Pick<Measured, 'truth' | 'errors' | 'lateMs'> {
  const client = latencies(
    requests.map(({ sentMs = NaN, chunkMs }) => (chunkMs[0] ?? NaN) - sentMs),
    gaps(requests.map(({ chunkMs }) => chunkMs)),
  );
  const server = latencies(
    truth.map(({ receivedMs, firstSentMs = NaN }) => firstSentMs - receivedMs),
    gaps(truth.map(({ writes }) => writes?.sentMs ?? [])),
  );
  const late = truth.flatMap(({ writes }) =>
    (writes?.sentMs ?? []).map((sentMs, i) => sentMs - (writes?.dueMs[i] ?? NaN)),
  );
  return {
    truth: server,
    errors: {
      meanTtft: client.meanTtft - server.meanTtft,
      p99Ttft: client.p99Ttft - server.p99Ttft,
      meanItl: client.meanItl - server.meanItl,
      p99Itl: client.p99Itl - server.p99Itl,
    },
    lateMs: percentile(late, 99) ?? 0,
  };
}

function latencies(ttft: readonly number[], itl: ArrayLike<number>): Latencies {
  return {
    meanTtft: mean(ttft) ?? NaN,
    p99Ttft: percentile(ttft, 99) ?? NaN,
    meanItl: mean(itl) ?? NaN,
    p99Itl: percentile(itl, 99) ?? NaN,
  };
}

function gaps(arrivals: readonly ArrayLike<number>[]): Float64Array {
  const all = new Float64Array(sum(arrivals.map(({ length }) => Math.max(0, length - 1))));
  let at = 0;
  for (const times of arrivals) for (let i = 1; i < times.length; i++) all[at++] = times[i]! - times[i - 1]!;
  return all;
}

function least(values: readonly number[]): number {
  return values.reduce((a, b) => Math.min(a, b), Infinity);
}

function most(values: readonly number[]): number {
  return values.reduce((a, b) => Math.max(a, b), -Infinity);
}
