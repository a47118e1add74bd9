import { describe, expect, it } from 'vitest';
import { configEntrySchema, type ConfigEntry } from '../../src/config/schema.js';
import { expand } from '../../src/matrix/expand.js';

function entry(changes: object = {}): ConfigEntry {
  return configEntrySchema.parse({
    image: 'acme/engine:1.0',
    model: 'acme/Model-1',
    'model-prefix': 'm1',
    runner: 'h200',
    precision: 'fp8',
    framework: 'acme',
    multinode: false,
    'seq-len-configs': [
      {
        isl: 1024,
        osl: 8192,
        'search-space': [
          { tp: 8, 'conc-start': 4, 'conc-end': 50 },
          { tp: 4, ep: 4, 'dp-attn': true, 'spec-decoding': 'mtp', 'conc-list': [3, 96] },
        ],
      },
    ],
    ...changes,
  });
}

const concurrencies = (options: Partial<Parameters<typeof expand>[1]> = {}) =>
  expand([['m1-fp8', entry()]], { stepSize: 2, ...options }).map(({ tp, conc }) => [tp, conc]);

describe('expand', () => {
  it('gives a job for each concurrency, with the keys of a matrix entry', () => {
    const [first] = expand([['m1-fp8', entry()]], { stepSize: 2 });

    expect(first).toEqual({
      image: 'acme/engine:1.0',
      model: 'acme/Model-1',
      'model-prefix': 'm1',
      precision: 'fp8',
      framework: 'acme',
      runner: 'h200',
      isl: 1024,
      osl: 8192,
      tp: 8,
      conc: 4,
      'max-model-len': 9416,
      ep: 1,
      'dp-attn': false,
      'spec-decoding': 'none',
      'exp-name': 'm1_1k8k',
      disagg: false,
      'run-eval': false,
    });
  });

  it('multiplies concurrency by the step and ends with conc-end itself; lists are kept as they are', () => {
    expect(concurrencies()).toEqual([
      [8, 4],
      [8, 8],
      [8, 16],
      [8, 32],
      [8, 50],
      [4, 3],
      [4, 96],
    ]);
    expect(concurrencies({ stepSize: 4 })).toEqual([
      [8, 4],
      [8, 16],
      [8, 50],
      [4, 3],
      [4, 96],
    ]);
  });

  it('keeps concurrencies within the filter', () => {
    expect(concurrencies({ minConc: 16, maxConc: 50 })).toEqual([
      [8, 16],
      [8, 32],
      [8, 50],
    ]);
  });

  it('keeps entries by start of key, precision, framework and runner', () => {
    const entries = [
      ['m1-fp8-h200', entry()],
      ['m2-fp4-b200', entry({ precision: 'fp4', runner: 'b200', framework: 'other' })],
    ] as const;
    const keptBy = (filter: object) => [
      ...new Set(expand(entries, { stepSize: 2, ...filter }).map(({ runner }) => runner)),
    ];

    expect(keptBy({})).toEqual(['h200', 'b200']);
    expect(keptBy({ modelPrefix: ['m2'] })).toEqual(['b200']);
    expect(keptBy({ precision: ['fp8'] })).toEqual(['h200']);
    expect(keptBy({ framework: ['other'] })).toEqual(['b200']);
    expect(keptBy({ runnerType: ['h200', 'b200'] })).toEqual(['h200', 'b200']);
    expect(keptBy({ runnerType: ['gb300'] })).toEqual([]);
  });
});
