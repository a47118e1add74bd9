import { describe, expect, it } from 'vitest';
import type { Dialect } from '../../src/config/model.js';
import { runnerModelSweep } from '../../src/matrix/runner-model-sweep.js';
import { testConfig, type TestConfigOptions } from '../../src/matrix/test-config.js';
import { entry, list, onManyNodes, onOneNode, range, RUNNERS } from './entries.js';

describe('testConfig', () => {
  const of = (dialect: Dialect, options: TestConfigOptions) =>
    testConfig(
      [
        entry('m1-a', {
          dialect,
          spaces: [onOneNode(8, range(4, 20))],
          lengths: [
            [1024, 1024],
            [8192, 1024],
          ],
        }),
        entry('m1-b', { dialect, spaces: [onManyNodes(range(4, 20))] }),
      ],
      RUNNERS,
      options,
    ).map((job) => `${job['exp-name']} ${job.runner} ${String(job.conc)}`);

  it('steps by 2, in the order of keys', () => {
    expect(of('2026-02', { configKeys: ['m1-b', 'm1-a'], conc: [4, 8, 9] })).toEqual([
      'mod_1k1k h200 4,8',
      'mod_1k1k h200 4',
      'mod_1k1k h200 8',
      'mod_8k1k h200 4',
      'mod_8k1k h200 8',
    ]);
    expect(of('2026-02', { configKeys: ['m1-b'] })).toEqual(['mod_1k1k h200 4,8,16,20']);
    expect(of('2026-02', { configKeys: ['m1-b'], conc: [5] })).toEqual([]);
  });

  it('repeats keys and ignores node filters in February 2026', () => {
    const options = { configKeys: ['m1-b', 'm1-b'], runnerNodeFilter: 'zzz' };
    expect(of('2026-02', options)).toHaveLength(2);
    expect(() => of('2026-02', { configKeys: ['m1-*'] })).toThrow('m1-*');
  });

  it('takes globs, each entry once, and filters in August 2026', () => {
    expect(of('2026-08', { configKeys: ['m1-b', '*'], conc: [4] })).toHaveLength(3);
    expect(of('2026-08', { configKeys: ['*'], conc: [4], seqLens: [[8192, 1024]] })).toEqual([
      'mod_8k1k h200 4',
    ]);
    expect(of('2026-08', { configKeys: ['m1-b'], conc: [4], runnerNodeFilter: 'h200' })).toEqual([
      'mod_1k1k h200 4',
      'mod_1k1k h200_0 4',
      'mod_1k1k h200_1 4',
    ]);
    expect(of('2026-08', { configKeys: ['m1-b'], runnerNodeFilter: 'zzz' })).toEqual([]);
    expect(() => of('2026-08', { configKeys: ['z*'] })).toThrow('z*');
    expect(() => of('2026-08', { configKeys: ['m1-b', 'm1'] })).toThrow('m1');
  });
});

describe('runnerModelSweep', () => {
  const entries = [
    entry('a', {
      lengths: [
        [8192, 1024],
        [1024, 1024],
      ],
      spaces: [onOneNode(4, range(2, 8)), onOneNode(8, { ...range(16, 64), ep: 8 }), onOneNode(8, list(1))],
    }),
    entry('b', { spaces: [onManyNodes(range(1, 8)), onManyNodes(list(9, 3)), onManyNodes(list(3))] }),
    entry('c', { runner: 'b200', spaces: [onOneNode(8, list(1))] }),
    entry('d', { lengths: [[8192, 1024]], spaces: [onOneNode(8, list(1))] }),
  ];
  const sweep = (options: Partial<Parameters<typeof runnerModelSweep>[2]> = {}) =>
    runnerModelSweep(entries, RUNNERS, { runnerType: 'h200', multiNode: false, ...options });

  it("runs an entry's first 1k1k point of the highest tp on all nodes, at its lowest concurrency", () => {
    expect(sweep().map((job) => [job.runner, job.conc])).toEqual([
      ['h200_0', 16],
      ['h200_1', 16],
      ['spare_0', 16],
    ]);
    expect(sweep()[0]).toMatchObject({
      tp: 8,
      ep: 8,
      isl: 1024,
      'max-model-len': 2048,
      'exp-name': 'mod_test',
    });
  });

  it('takes the lowest concurrency of a list on many nodes, and writes settings out', () => {
    const [job] = sweep({ multiNode: true, runnerNodeFilter: 'spare' });
    expect(job).toMatchObject({
      runner: 'spare_0',
      conc: [3],
      prefill: { tp: 4, 'additional-settings': [] },
    });
  });

  it('takes another concurrency instead', () => {
    expect(sweep({ conc: 7 })[0]).toMatchObject({ conc: 7 });
    expect(sweep({ conc: 7, multiNode: true })[0]).toMatchObject({ conc: [7] });
  });

  it('wants a runner with nodes', () => {
    expect(() => sweep({ runnerType: 'a100' })).toThrow('a100');
    expect(() => sweep({ runnerNodeFilter: 'zzz' })).toThrow('zzz');
  });
});
