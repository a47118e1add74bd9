import type { RunRecord } from '../../load/records/record.js';
import { completedOf } from '../request.js';

/** A way to turn a run into numbers: a peer's, with its names and units and the mistakes it makes. */
export interface Definition {
  /** As `--definitions` takes it. */
  readonly name: string;
  /** Whose numbers they are, and which version's source was read. */
  readonly source: string;
  /** Which of its numbers it calls what, for tables next to others: the key, and the statistic after a colon. */
  readonly headlines: Readonly<Partial<Record<Headline, string>>>;
  recompute(run: RunRecord, tools: Tools): Recomputed;
}

/** What every tool has a number for, by the names that tools use; not all mean the same by them. */
export const HEADLINES = [
  'mean TTFT',
  'mean TPOT',
  'mean ITL',
  'mean E2EL',
  'p99 TTFT',
  'p99 E2EL',
  'request throughput',
  'output throughput',
] as const;
export type Headline = (typeof HEADLINES)[number];

/** What peers use next to what a run recorded. */
export interface Tools {
  /** Tokens of a text without special tokens, for peers that tokenize output themselves. */
  readonly countTokens?: (text: string) => number;
}

export interface Recomputed {
  readonly values: readonly Reported[];
  /** What the peer would have reported, too, but this run's records can't tell. */
  readonly unknown: readonly Unknown[];
  /** What was assumed, and what a run by the peer's own client would have done otherwise. */
  readonly notes: readonly string[];
}

export interface Reported {
  /** The peer's name for it. */
  readonly key: string;
  readonly unit: string;
  /** Several statistics of one quantity come by their names. */
  readonly value: number | Readonly<Record<string, number>>;
  /** Where the peer computes it: file and line, or function. */
  readonly source: string;
}

export interface Unknown {
  readonly key: string;
  readonly reason: string;
}

export const NO_REQUEST = 'no request completed';

/** Gathers what a definition gives. */
export class Report implements Recomputed {
  readonly values: Reported[] = [];
  readonly unknown: Unknown[] = [];
  readonly notes: string[] = [];

  constructor(private readonly run: RunRecord) {}

  /** A value, or why there is none; that is plain where nothing completed. */
  add(
    key: string,
    unit: string,
    value: Reported['value'] | undefined,
    source: string,
    reason = NO_SAMPLE,
  ): void {
    if (value === undefined)
      this.unknown.push({ key, reason: completedOf(this.run).length === 0 ? NO_REQUEST : reason });
    else this.values.push({ key, unit, value, source });
  }

  note(applies: boolean, text: string): void {
    if (applies) this.notes.push(text);
  }
}

const NO_SAMPLE = 'no completed request has it';
