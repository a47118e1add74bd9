import type { Outcome } from '../records/request-record.js';

/** What one thread has counted in the current phase, in memory that the others read. */
export type Tally = Float64Array<SharedArrayBuffer>;

const FIELDS = [
  'sent',
  /** Of those sent. */
  'ended',
  /** Ended, whether they had been sent or not. */
  'done',
  'failed',
  'outputTokens',
  'ttftMs',
  'ttfts',
  /** First to last chunk, and output tokens after the first, of requests that have ended. */
  'decodeMs',
  'decodeTokens',
  /** Longest delay of the event loop since it was last asked for. */
  'lagMs',
  'cpuShare',
  /** When the latest bytes of an answer came, ms on the run's clock; looked at four times a second. */
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

/** Counts into a tally. */
export class Live {
  constructor(private readonly tally: Tally) {}

  sent(): void {
    this.tally[AT.sent]!++;
  }

  /** A chunk with a non-empty `choices`. */
  chunk(): void {
    this.tally[AT.outputTokens]!++;
  }

  /** The first chunk of a request. */
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
