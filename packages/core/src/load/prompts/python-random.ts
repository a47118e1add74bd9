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

  /** Some of `values`, each place at most once, as `random.sample` draws them. `count` is at most their number. */
  sample<T>(values: readonly T[], count: number): readonly T[] {
    const size = values.length;
    const setSize = 21 + (count > 5 ? 4 ** Math.ceil(Math.log(count * 3) / Math.log(4)) : 0);
    const places = size <= setSize ? this.samplePool(size, count) : this.sampleSet(size, count);
    return places.map((place) => values[place] as T);
  }

  private samplePool(size: number, count: number): readonly number[] {
    const pool = Array.from({ length: size }, (_, i) => i);
    return Array.from({ length: count }, (_, i) => {
      const at = this.integer(0, size - i);
      const chosen = pool[at] as number;
      pool[at] = pool[size - i - 1] as number;
      return chosen;
    });
  }

  private sampleSet(size: number, count: number): readonly number[] {
    const chosen = new Set<number>();
    while (chosen.size < count) chosen.add(this.integer(0, size));
    return [...chosen];
  }
}
