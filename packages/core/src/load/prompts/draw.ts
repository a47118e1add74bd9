import type { Mt19937 } from './mt19937.js';

/** A length drawn uniformly from [ratio × longest, longest]; at least 1. */
export function drawLength(longest: number, ratio: number, random: Mt19937): number {
  return Math.max(1, random.integer(Math.trunc(longest * ratio), longest + 1));
}

/** Shuffles in place. Source: Fisher and Yates, in Durstenfeld's form (Algorithm 235, 1964). */
export function shuffle(values: unknown[], random: { integer(low: number, high: number): number }): void {
  for (let i = values.length - 1; i > 0; i--) {
    const j = random.integer(0, i + 1);
    [values[i], values[j]] = [values[j], values[i]];
  }
}
