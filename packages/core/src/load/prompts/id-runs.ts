import { sizeOf, type Vocabulary } from './random.js';

/** Consecutive ids: `length` ids of the vocabulary from `start` on, wrapping around at its end. */
export interface IdRun {
  readonly start: number;
  readonly length: number;
}

/**
 * Runs of consecutive ids as JSON. Prompts of thousands of ids are cut from one prepared text, as building each one would delay
 * its sending.
 */
export class IdRuns {
  private readonly text: string;
  private readonly size: number;
  /** Where each id's digits begin in the text, and one past the end. */
  private readonly begins: Uint32Array;

  constructor(vocabulary: Vocabulary) {
    this.size = sizeOf(vocabulary);
    const ids = Array.from({ length: this.size }, (_, i) => String(vocabulary.first + i));
    this.begins = new Uint32Array(this.size + 1);
    ids.forEach((id, i) => (this.begins[i + 1] = this.beginOf(i) + id.length + 1));
    this.text = `${ids.join(',')},`;
  }

  /** An array of ids: those of `prefix` unchanged, then the runs. */
  json(runs: readonly IdRun[], prefix = ''): string {
    const parts = prefix === '' ? [] : [prefix];
    for (const { start, length } of runs) {
      let at = start % this.size;
      for (let left = length; left > 0; at = 0) {
        const count = Math.min(left, this.size - at);
        parts.push(this.text.slice(this.beginOf(at), this.beginOf(at + count) - 1));
        left -= count;
      }
    }
    return `[${parts.join(',')}]`;
  }

  private beginOf(index: number): number {
    return this.begins[index] ?? 0;
  }
}
