import { describe, expect, it } from 'vitest';
import { shuffle } from '../../src/load/prompts/draw.js';
import { PythonRandom } from '../../src/load/prompts/python-random.js';

describe('PythonRandom', () => {
  // random.seed(s); l = list(range(n)); random.shuffle(l), CPython 3.12
  it.each([
    { seed: 0, shuffled: [10, 18, 16, 14, 0, 17, 11, 2, 3, 9, 5, 7, 4, 19, 6, 15, 8, 1, 13, 12] },
    { seed: 42, shuffled: [7, 3, 2, 8, 5, 6, 9, 4, 0, 1] },
  ])('shuffles as Python does from seed $seed', ({ seed, shuffled }) => {
    const values = shuffled.map((_, i) => i);
    shuffle(values, new PythonRandom(seed));
    expect(values).toEqual(shuffled);
  });

  it('samples as Python does', () => {
    const range = (n: number): number[] => Array.from({ length: n }, (_, i) => i);
    // r = random.Random(0); r.sample(range(10), 3); r.sample(range(1000), 30)[-3:], CPython 3.11
    const random = new PythonRandom(0);
    expect(random.sample(range(10), 3)).toEqual([6, 9, 0]);
    expect(random.sample(range(1000), 30).slice(-3)).toEqual([722, 829, 616]);
  });
});
