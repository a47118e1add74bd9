import type { GoldenRequest } from '../../load/golden/log.js';
import type { RequestRecord, RunRecord } from '../../load/record.js';
import { mean, percentile, sum } from '../../metrics/statistics.js';
import { ITL_MS, type Cell } from './cell.js';
import { failures, inexactness } from './exactness.js';
import type { CellRun } from './run-cell.js';
import { truthOf, type Truth } from './truth.js';

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
  /** How late the server's writes were, p99, ms; they are compared as they were and not as they were due. */
  readonly lateMs?: number;
  /** Of cells with a schedule: what the server did. */
  readonly truth?: Latencies;
  /**
   * What the client says of each request and each gap minus what the server did there: the mean, and the p99 of the absolute values. Of
   * one another's p99 a client could be close and be wrong everywhere, where a server is late in a way of its own.
   */
  readonly errors?: Latencies;
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
  const latencies = cell.kind === 'paced' ? latenciesOf(run, truth) : {};
  return {
    cell,
    problems: inexactness(cell, cellRun, truth),
    failures: failures(run.requests),
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
  { kind, server }: Cell,
  { serverCores = 0, workerCores = 0, lateMs = 0 }: Pick<Measured, 'serverCores' | 'workerCores' | 'lateMs'>,
): Measured['limit'] {
  if (kind === 'exact' || (kind === 'paced' && keptSchedule({ lateMs }))) return 'none';
  if (serverCores >= WHOLE_CORE || server.spin) return 'server';
  return kind === 'max' && workerCores >= WHOLE_CORE ? 'client' : 'machine';
}

function latenciesOf(
  { requests }: RunRecord,
  { requests: atServer, byIndex = [] }: Truth,
): Pick<Measured, 'truth' | 'errors' | 'lateMs'> {
  const pairs = requests.flatMap((record): Pair[] => {
    const truth = byIndex[record.index];
    return truth === undefined ? [] : [{ record, truth }];
  });
  const ttft = pairs.map(({ record, truth }) => clientTtft(record) - serverTtft(truth));
  const itl = gapErrors(pairs);
  const late = atServer.flatMap(({ writes }) =>
    (writes?.sentMs ?? []).map((sentMs, i) => sentMs - (writes?.dueMs[i] ?? NaN)),
  );
  return {
    truth: latencies(atServer.map(serverTtft), gaps(atServer.map(({ writes }) => writes?.sentMs ?? []))),
    errors: {
      ...latencies(ttft, itl),
      p99Ttft: percentile(ttft.map(Math.abs), 99) ?? NaN,
      p99Itl: percentile(itl.map(Math.abs), 99) ?? NaN,
    },
    lateMs: percentile(late, 99) ?? 0,
  };
}

/** Both sides of a request. */
interface Pair {
  readonly record: RequestRecord;
  readonly truth: GoldenRequest;
}

function clientTtft({ sentMs = NaN, chunkMs }: RequestRecord): number {
  return (chunkMs[0] ?? NaN) - sentMs;
}

function serverTtft({ receivedMs, firstSentMs = NaN }: GoldenRequest): number {
  return firstSentMs - receivedMs;
}

/** Of each gap between tokens that both sides have. */
function gapErrors(pairs: readonly Pair[]): number[] {
  const errors: number[] = [];
  for (const { record, truth } of pairs) {
    const [seen, sent] = [record.chunkMs, truth.writes?.sentMs ?? []];
    for (let i = 1; i < Math.min(seen.length, sent.length); i++) errors.push(gapAt(seen, i) - gapAt(sent, i));
  }
  return errors;
}

function latencies(ttft: ArrayLike<number>, itl: ArrayLike<number>): Latencies {
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
  for (const times of arrivals) for (let i = 1; i < times.length; i++) all[at++] = gapAt(times, i);
  return all;
}

function gapAt(times: ArrayLike<number>, i: number): number {
  return (times[i] ?? NaN) - (times[i - 1] ?? NaN);
}

function least(values: readonly number[]): number {
  return values.reduce((a, b) => Math.min(a, b), Infinity);
}

function most(values: readonly number[]): number {
  return values.reduce((a, b) => Math.max(a, b), -Infinity);
}
