import type { RunRecord } from '../../load/records/record.js';
import { completedOf } from '../request.js';

/** A way to turn a run into numbers: that of a peer, with its names and units, and its mistakes. */
export interface Definition {
  /** Its name in `--definitions`. */
  readonly name: string;
  /** The tool whose numbers these are, and the version of the source that was read. */
  readonly source: string;
  /** Its key for each headline, for tables that compare tools: the key, and after a colon the statistic. */
  readonly headlines: Readonly<Partial<Record<Headline, string>>>;
  recompute(run: RunRecord, tools: Tools): Recomputed;
}

/** Numbers that every tool reports, by their common names; not all tools define them alike. */
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

/** What peers need in addition to the records of a run. */
export interface Tools {
  /** Tokens of a text without special tokens, for peers that tokenize output themselves. */
  readonly countTokens?: (text: string) => number;
}

export interface Recomputed {
  readonly values: readonly Reported[];
  /** Other numbers that the peer would have reported, but this run's records can't give. */
  readonly unknown: readonly Unknown[];
  /** Assumptions, and how a run by the peer's own client would have differed. */
  readonly notes: readonly string[];
}

export interface Reported {
  /** The peer's name for it. */
  readonly key: string;
  readonly unit: string;
  /** Several statistics of one quantity are keyed by their names. */
  readonly value: number | Readonly<Record<string, number>>;
  /** Where the peer computes it: file and line, or function. */
  readonly source: string;
}

export interface Unknown {
  readonly key: string;
  readonly reason: string;
}

export const NO_REQUEST = 'no request completed';

/** Collects the results of a definition. */
export class Report implements Recomputed {
  readonly values: Reported[] = [];
  readonly unknown: Unknown[] = [];
  readonly notes: string[] = [];

  constructor(private readonly run: RunRecord) {}

  /** Adds a value, or the reason if there is none; that is obvious if nothing completed. */
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
