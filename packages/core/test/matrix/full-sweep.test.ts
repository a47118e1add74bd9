import { describe, expect, it } from 'vitest';
import { fullSweep, type FullSweepOptions } from '../../src/matrix/full-sweep.js';
import type { KeyedEntry } from '../../src/matrix/walk.js';
import { ALL, DIALECTS, entry, list, onManyNodes, onOneNode, range, RUNNERS } from './entries.js';

const sweep = (entries: readonly KeyedEntry[], options: Partial<FullSweepOptions> = {}) =>
  fullSweep(entries, RUNNERS, { ...ALL, ...options });

/** The distinguishing parts of a job: runner, parallelism, concurrency. */
const brief = (entries: readonly KeyedEntry[], options?: Partial<FullSweepOptions>) =>
  sweep(entries, options).map((job) => {
    const parallelism = 'tp' in job ? `tp${job.tp}ep${job.ep}` : 'many';
    return `${job.runner} ${parallelism} ${String(job.conc)}`;
  });

const single = (...conc: readonly object[]) => entry('a', { spaces: conc.map((one) => onOneNode(8, one)) });
const multi = (...conc: readonly object[]) => entry('b', { spaces: conc.map((one) => onManyNodes(one)) });
const concs = (of: KeyedEntry, options?: Partial<FullSweepOptions>) =>
  sweep([of], options).map((job) => job.conc);

describe('fullSweep', () => {
  it('makes rows of February 2026', () => {
    const entries = [single(range(4, 4)), multi(list(1, 2))];

    expect(sweep(entries)).toEqual([
      {
        image: 'engine:1',
        model: 'org/model',
        'model-prefix': 'mod',
        precision: 'fp8',
        framework: 'vllm',
        runner: 'h200',
        isl: 1024,
        osl: 1024,
        tp: 8,
        conc: 4,
        'max-model-len': 2248,
        ep: 1,
        'dp-attn': false,
        'spec-decoding': 'none',
        'exp-name': 'mod_1k1k',
        disagg: false,
        'run-eval': false,
      },
      {
        image: 'engine:1',
        model: 'org/model',
        'model-prefix': 'mod',
        precision: 'fp8',
        framework: 'vllm',
        runner: 'h200',
        isl: 1024,
        osl: 1024,
        'spec-decoding': 'none',
        prefill: { 'num-worker': 1, tp: 4, ep: 4, 'dp-attn': true },
        decode: { 'num-worker': 2, tp: 8, ep: 1, 'dp-attn': false },
        conc: [1, 2],
        'max-model-len': 2248,
        'exp-name': 'mod_1k1k',
        disagg: false,
        'run-eval': false,
      },
    ]);
  });

  it('makes rows of August 2026: sizes written out, components, more room', () => {
    const router = { name: 'front', version: '1.2' };
    const spaces = [onManyNodes({ ...list(1), 'kv-p2p-transfer': 'nixl' })];
    const entries = [
      entry('a', { dialect: '2026-08', spaces: [onOneNode(8, { pp: 2, ...range(4, 4) })] }),
      entry('b', { dialect: '2026-08', spaces, router, options: { fast: true } }),
    ];

    const [one, many] = sweep(entries);

    expect(one).toMatchObject({ tp: 8, pp: 2, 'dcp-size': 1, 'pcp-size': 1, 'max-model-len': 2304 });
    expect(one).not.toHaveProperty('router');
    expect(many).toMatchObject({
      prefill: { tp: 4, pp: 1, 'dcp-size': 1, 'pcp-size': 1 },
      router,
      'kv-p2p-transfer': 'nixl',
      options: { fast: true },
    });
  });

  it('names experiments by their lengths, as the dialect names them', () => {
    const names = DIALECTS.map((dialect) => {
      const lengths = [
        [1024, 8192],
        [8192, 1024],
        [500, 20],
      ] as const;
      const of = entry('a', { dialect, lengths, spaces: [onOneNode(8, range(1, 1))] });
      return sweep([of]).map((job) => job['exp-name']);
    });

    expect(names).toEqual([
      ['mod_1k8k', 'mod_8k1k', 'mod_500_20'],
      ['mod_1024_8192', 'mod_8k1k', 'mod_500_20'],
    ]);
  });

  it('multiplies concurrency by the step and ends with conc-end itself; lists are kept as they are', () => {
    expect(concs(single(range(4, 50)))).toEqual([4, 8, 16, 32, 50]);
    expect(concs(single(range(4, 50)), { stepSize: 4 })).toEqual([4, 16, 50]);
    expect(concs(multi(range(4, 50)))).toEqual([[4, 8, 16, 32, 50]]);
    expect(concs(single(list(96, 3, 3)))).toEqual([96, 3, 3]);
  });

  it('raises the start of a single-node range to min-conc, and only filters the others', () => {
    expect(concs(single(range(4, 64)), { minConc: 6 })).toEqual([6, 12, 24, 48, 64]);
    expect(concs(single(list(4, 8)), { minConc: 6 })).toEqual([8]);
    expect(concs(multi(range(4, 16)), { minConc: 6 })).toEqual([[8, 16]]);
    expect(concs(single(range(4, 64)), { minConc: 65 })).toEqual([]);
    expect(concs(multi(list(4)), { minConc: 65 })).toEqual([]);
  });

  it('puts max-conc alone in the place of what lies above it', () => {
    expect(concs(single(range(4, 64)), { maxConc: 20 })).toEqual([4, 8, 16, 20]);
    expect(concs(single(range(4, 64)), { maxConc: 3 })).toEqual([3]);
    expect(concs(single(range(4, 64)), { minConc: 9, maxConc: 3 })).toEqual([3]);
    expect(concs(single(list(4, 8)), { maxConc: 3 })).toEqual([3]);
    expect(concs(multi(range(4, 64)), { maxConc: 20 })).toEqual([[4, 8, 16]]);
    expect(concs(multi(range(4, 64)), { maxConc: 3 })).toEqual([[3]]);
  });

  it.each(['minConc', 'maxConc', 'maxTp', 'maxEp'])(
    'leaves nothing on one node when %s is not positive',
    (name) => {
      expect(concs(single(range(4, 64), list(4)), { [name]: 0 })).toEqual([]);
    },
  );

  it('leaves points above max-tp out and clamps ep, on one node alone', () => {
    const spaces = [onOneNode(8, { ep: 8, ...list(1) }), onOneNode(4, { ep: 4, ...list(1) })];
    const entries = [entry('a', { spaces }), multi(list(1))];

    expect(brief(entries, { maxTp: 4 })).toEqual(['h200 tp4ep4 1', 'h200 many 1']);
    expect(brief(entries, { maxEp: 4 })).toEqual(['h200 tp8ep4 1', 'h200 tp4ep4 1', 'h200 many 1']);
    expect(brief(entries, { maxTp: 0, maxEp: 0 })).toEqual(['h200 many 1']);
  });

  it('keeps entries by start of key, precision, framework, runner and kind of node', () => {
    const entries = [
      entry('m1-fp8', { spaces: [onOneNode(1, list(1))] }),
      entry('m2-fp4', {
        ...{ precision: 'fp4', framework: 'trt', runner: 'b200' },
        spaces: [onManyNodes(list(2))],
      }),
    ];
    const kept = (options: Partial<FullSweepOptions>) => sweep(entries, options).map((job) => job.precision);

    expect(kept({})).toEqual(['fp8', 'fp4']);
    expect(kept({ modelPrefix: ['m2', 'm3'] })).toEqual(['fp4']);
    expect(kept({ precision: ['fp8'] })).toEqual(['fp8']);
    expect(kept({ framework: ['trt'] })).toEqual(['fp4']);
    expect(kept({ runnerType: ['b200', 'h200'] })).toEqual(['fp8', 'fp4']);
    expect(kept({ runnerType: ['b200'] })).toEqual(['fp4']);
    expect(kept({ multiNode: false })).toEqual(['fp8']);
    expect(kept({ singleNode: false })).toEqual(['fp4']);
    expect(() => kept({ runnerType: ['a100', 'b200'] })).toThrow('a100');
  });

  it('keeps sequence lengths and scenarios', () => {
    const agentic = [{ 'search-space': [onOneNode(8, { ...list(3), 'kv-offloading': 'none' as const })] }];
    const lengths = [
      [1024, 1024],
      [8192, 1024],
    ] as const;
    const of = entry('a', { dialect: '2026-08', lengths, spaces: [onOneNode(8, list(1))], agentic });
    const kept = (options: Partial<FullSweepOptions>) => sweep([of], options).map((job) => job['exp-name']);

    expect(kept({})).toEqual(['mod_1k1k', 'mod_8k1k', 'mod_tp8_conc3_kvnone']);
    expect(kept({ seqLens: [[8192, 1024]] })).toEqual(['mod_8k1k', 'mod_tp8_conc3_kvnone']);
    expect(kept({ scenarioTypes: ['agentic-coding'] })).toEqual(['mod_tp8_conc3_kvnone']);
    expect(kept({ scenarioTypes: ['fixed-seq-len'] })).toEqual(['mod_1k1k', 'mod_8k1k']);
  });

  it('spreads jobs over the nodes that match, nodes within concurrencies', () => {
    const entries = [
      single(range(4, 8)),
      multi(list(1)),
      entry('c', { runner: 'b200', spaces: [onOneNode(8, list(1))] }),
    ];

    expect(brief(entries, { runnerNodeFilter: 'h200_' })).toEqual([
      'h200_0 tp8ep1 4',
      'h200_1 tp8ep1 4',
      'h200_0 tp8ep1 8',
      'h200_1 tp8ep1 8',
      'h200_0 many 1',
      'h200_1 many 1',
    ]);
    expect(brief(entries, { runnerNodeFilter: '' })).toEqual(brief(entries));
  });

  it('says how jobs came about, and which option left what out or changed it', () => {
    const spaces = [onOneNode(8, { ep: 8, ...range(4, 8) }), onOneNode(16, list(1)), onOneNode(4, list(2))];
    const lengths = [
      [1024, 1024],
      [8192, 1024],
    ] as const;
    const entries = [
      entry('a', { spaces, lengths }),
      entry('b', { spaces, precision: 'fp4' }),
      multi(list(1)),
      entry('c', { spaces, runner: 'b200' }),
    ];
    const options = {
      ...{ precision: ['fp8'], minConc: 5, maxTp: 8, maxEp: 2, seqLens: [[1024, 1024]] as const },
      ...{ multiNode: false, runnerNodeFilter: 'h200_' },
    };
    const notes: string[] = [];
    fullSweep(entries, RUNNERS, { ...ALL, ...options }, (key, place, what) =>
      notes.push([key, place, what()].join(' ')),
    );

    expect(notes).toEqual([
      'a 1024/1024 search-space[0] conc-start 4, conc-end 8 with --step-size 2 --min-conc 5: ' +
        '5, 8 on h200_0, h200_1; ep 8 is clamped to 2 by --max-ep 2',
      'a 1024/1024 search-space[1] left out by --max-tp 8 --max-ep 2',
      'a 1024/1024 search-space[2] conc-list 2 with --min-conc 5: nothing is left',
      'a 8192/1024 left out by --seq-lens',
      'b  left out by --precision fp8',
      'b  left out by --single-node',
      'c  left out by --runner-node-filter h200_',
    ]);
  });
});
