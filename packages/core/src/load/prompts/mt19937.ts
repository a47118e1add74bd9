const SIZE = 624;
const SHIFT = 397;

/**
 * NumPy's legacy generator (`numpy.random.RandomState`): the 32-bit Mersenne Twister of Matsumoto and Nishimura with NumPy's
 * method for bounded integers, so a seed gives the same numbers as in Python clients.
 */
export class Mt19937 {
  private readonly key = new Uint32Array(SIZE);
  private position = SIZE;

  /** `seed` in [0, 2^32), as for `np.random.seed`. */
  constructor(seed: number) {
    this.key[0] = seed;
    for (let i = 1; i < SIZE; i++) {
      const last = this.word(i - 1);
      this.key[i] = Math.imul(1812433253, last ^ (last >>> 30)) + i;
    }
  }

  /** Like `init_by_array` of the authors' mt19937ar.c, which Python uses for seeds. */
  static fromKey(words: readonly number[]): Mt19937 {
    const made = new Mt19937(19650218);
    const { key } = made;
    const last = (i: number): number => made.word(i - 1) ^ (made.word(i - 1) >>> 30);
    let [i, j] = [1, 0];
    const step = (value: number): void => {
      key[i] = value;
      if (++i < SIZE) return;
      key[0] = made.word(SIZE - 1);
      i = 1;
    };
    for (let k = Math.max(SIZE, words.length); k > 0; k--) {
      step((made.word(i) ^ Math.imul(last(i), 1664525)) + (words[j] ?? 0) + j);
      j = (j + 1) % words.length;
    }
    for (let k = SIZE - 1; k > 0; k--) step((made.word(i) ^ Math.imul(last(i), 1566083941)) - i);
    key[0] = 0x80000000;
    return made;
  }

  /** The next 32 bits. */
  uint32(): number {
    if (this.position === SIZE) this.twist();
    let y = this.word(this.position++);
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9d2c5680;
    y ^= (y << 15) & 0xefc60000;
    return (y ^ (y >>> 18)) >>> 0;
  }

  /**
   * An integer from [low, high), drawn as in `randint`: masked bits, repeated while out of range; draws nothing if only one value
   * is possible.
   */
  integer(low: number, high: number): number {
    const range = high - low - 1;
    if (range <= 0) return low;
    const mask = 0xffffffff >>> Math.clz32(range);
    for (;;) {
      const value = (this.uint32() & mask) >>> 0;
      if (value <= range) return low + value;
    }
  }

  /** `randint(low, high, size)`. */
  integers(low: number, high: number, size: number): number[] {
    return Array.from({ length: size }, () => this.integer(low, high));
  }

  private twist(): void {
    for (let i = 0; i < SIZE; i++) {
      const y = (this.word(i) & 0x80000000) | (this.word((i + 1) % SIZE) & 0x7fffffff);
      this.key[i] = this.word((i + SHIFT) % SIZE) ^ (y >>> 1) ^ (y & 1 ? 0x9908b0df : 0);
    }
    this.position = 0;
  }

  private word(i: number): number {
    return this.key[i] as number;
  }
}
