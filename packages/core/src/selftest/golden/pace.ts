import { Mt19937 } from '../../load/prompts/mt19937.js';
import type { AnswerOptions } from './options.js';

/** When an answer's writes are due. The times are absolute, so that a late write delays none of the following ones. */
export class Pace {
  private readonly gapMs: number;
  private readonly dice: Mt19937 | undefined;
  private idealMs: number;

  constructor(
    private readonly options: AnswerOptions,
    receivedMs: number,
    ordinal: number,
  ) {
    this.gapMs = options.itlMs * options.eventsPerWrite;
    this.dice = options.jitter > 0 ? new Mt19937(ordinal) : undefined;
    this.idealMs = receivedMs + options.ttftMs;
  }

  /** When the current write is due. */
  get dueMs(): number {
    const { align, itlMs } = this.options;
    return align && itlMs > 0 ? Math.ceil(this.idealMs / itlMs) * itlMs : this.idealMs;
  }

  /** Goes on to the next write; without a schedule it is due at once. */
  next(nowMs: number): void {
    this.idealMs = this.gapMs === 0 ? nowMs : this.idealMs + this.gapMs * this.factor();
  }

  private factor(): number {
    if (this.dice === undefined) return 1;
    const { jitter } = this.options;
    return 1 + jitter * ((2 * this.dice.uint32()) / 2 ** 32 - 1);
  }
}
