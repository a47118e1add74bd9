import type { Outcome } from '../records/request-record.js';

/** Counts of one thread in the current phase, in memory that the other threads can read. */
export type Tally = Float64Array<SharedArrayBuffer>;

const FIELDS = [
  'sent',
  /** Of the sent ones. */
  'ended',
  /** Ended, no matter whether they had been sent. */
  'done',
  'failed',
  'outputTokens',
  'ttftMs',
  'ttfts',
  /** Time from first to last chunk, and output tokens after the first, of requests that have ended. */
  'decodeMs',
  'decodeTokens',
  /** Longest delay of the event loop since it was last read. */
  'lagMs',
  'cpuShare',
  /** When the latest bytes of an answer arrived, ms on the run's clock; updated four times per second. */
  'readMs',
] as const;

type Field = (typeof FIELDS)[number];

const AT = Object.fromEntries(FIELDS.map((field, i) => [field, i])) as Record<Field, number>;

export function createTally(): Tally {
  return new Float64Array(new SharedArrayBuffer(8 * FIELDS.length));
}

export function readTally(tally: Tally, field: Field): number {
  return tally[AT[field]] ?? 0;
}

export function resetTally(tally: Tally): void {
  tally.fill(0);
}

export function setTally(tally: Tally, field: Field, value: number): void {
  tally[AT[field]] = value;
}

/** Updates a tally. */
export class Live {
  constructor(private readonly tally: Tally) {}

  sent(): void {
    this.tally[AT.sent]!++;
  }

  /** Counts a chunk with a non-empty `choices`. */
  chunk(): void {
    this.tally[AT.outputTokens]!++;
  }

  /** Counts the first chunk of a request. */
  firstChunk(ttftMs: number): void {
    this.tally[AT.ttftMs]! += ttftMs;
    this.tally[AT.ttfts]!++;
  }

  ended(outcome: Outcome): void {
    const { tally } = this;
    const { chunkMs, outputTokens, sentMs } = outcome;
    tally[AT.done]!++;
    if (outcome.state !== 'completed') tally[AT.failed]!++;
    if (sentMs !== undefined) tally[AT.ended]!++;
    const tokens = outputTokens ?? chunkMs.length;
    tally[AT.outputTokens]! += tokens - chunkMs.length;
    if (chunkMs.length < 2 || tokens < 2) return;
    tally[AT.decodeMs]! += chunkMs[chunkMs.length - 1]! - chunkMs[0]!;
    tally[AT.decodeTokens]! += tokens - 1;
  }
}
