import type { GoldenRequest } from './golden/log.js';
import type { RequestRecord, RunRecord } from '../load/records/record.js';
import { mean, percentile, sum } from '../metrics/statistics.js';
import type { Truth } from './truth.js';

/** Latencies of a cell in ms. */
export interface Latencies {
  readonly meanTtft: number;
  readonly p99Ttft: number;
  readonly meanItl: number;
  readonly p99Itl: number;
}

/** Only in cells with a schedule. */
export interface Comparison {
  /** How late the server's writes were: p99 in ms. The client is compared with the actual times of writes, not the due ones. */
  readonly lateMs: number;
  /** What the server did. */
  readonly truth: Latencies;
  /**
   * What the client reports for each request and each gap minus what the server did: the mean, and the p99 of the absolute values. A
   * comparison of their p99s alone would hide errors when the server itself is late.
   */
  readonly errors: Latencies;
}

export function latenciesOf(
  { requests }: RunRecord,
  { requests: atServer, byIndex = [] }: Truth,
): Comparison {
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

/** For each gap between tokens that both sides have. */
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
