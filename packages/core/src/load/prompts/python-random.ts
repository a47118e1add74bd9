import { Mt19937 } from './mt19937.js';

/**
 * Python's `random.Random`: the same Mersenne Twister as NumPy's, but seeded with an array of words and with another method for
 * bounded integers, so a seed shuffles as in Python clients. Source: Lib/random.py and Modules/_randommodule.c of CPython 3.12.
 */
export class PythonRandom {
  private readonly words: Mt19937;

  /** `seed` in [0, 2^32), as for `random.seed`. */
  constructor(seed: number) {
    this.words = Mt19937.fromKey([seed]);
  }

  /** An integer from [low, high), drawn as in `randrange`: the highest bits of a word, repeated while out of range. */
  integer(low: number, high: number): number {
    const count = high - low;
    const shift = Math.clz32(count);
    for (;;) {
      const value = this.words.uint32() >>> shift;
      if (value < count) return low + value;
    }
  }
}
