import { describe, expect, it } from 'vitest';
import type { MultiNodeSpace, SingleNodeSpace } from '../../src/config/model.js';
import { offloadDramGb } from '../../src/matrix/dram.js';
import { fullSweep, type FullSweepOptions } from '../../src/matrix/full-sweep.js';
import { ALL, entry, list, onManyNodes, onOneNode, range, RUNNERS } from './entries.js';

const RUNNER = 'cluster:h200';
const BACKEND = {
  'kv-offloading': 'dram',
  'kv-offload-backend': { name: 'lm', version: '1' },
} as const;

function sweep(
  spaces: readonly (SingleNodeSpace | MultiNodeSpace)[],
  options: Partial<FullSweepOptions> = {},
) {
  const agentic = [{ 'search-space': spaces, 'dram-utilization': 0.8 }];
  const of = entry('a', { dialect: '2026-08', runner: RUNNER, agentic });
  return fullSweep([of], RUNNERS, { ...ALL, ...options });
}

describe('agentic rows', () => {
  it('have no lengths, but offloading and a duration', () => {
    expect(sweep([onOneNode(4, { ...list(2), ...BACKEND, 'spec-decoding': 'mtp' })])).toEqual([
      {
        image: 'engine:1',
        model: 'org/model',
        'model-prefix': 'mod',
        precision: 'fp8',
        framework: 'vllm',
        runner: RUNNER,
        tp: 4,
        pp: 1,
        'dcp-size': 1,
        'pcp-size': 1,
        ep: 1,
        'dp-attn': false,
        'spec-decoding': 'mtp',
        conc: 2,
        'kv-offloading': 'dram',
        'total-cpu-dram-gb': 419,
        duration: 3600,
        'exp-name': 'mod_tp4_conc2_kvdram-lm_spec-mtp',
        'scenario-type': 'agentic-coding',
        'kv-offload-backend': { name: 'lm', version: '1' },
      },
    ]);
  });

  it('have one concurrency each on many nodes, concurrencies within nodes', () => {
    const rows = sweep([onManyNodes({ ...range(2, 5), ...BACKEND })], { runnerNodeFilter: 'h200' });

    expect(rows.map((job) => [job.runner, job.conc, job['exp-name']])).toEqual([
      ['h200_0', [2], 'mod_p1x4ep4dpa_d2x8_conc2_kvdram-lm'],
      ['h200_0', [4], 'mod_p1x4ep4dpa_d2x8_conc4_kvdram-lm'],
      ['h200_0', [5], 'mod_p1x4ep4dpa_d2x8_conc5_kvdram-lm'],
    ]);
    expect(sweep([onManyNodes(list(2))])[0]?.['exp-name']).toBe('mod_p1x4ep4dpa_d2x8_conc2');
  });

  it('are only filtered by concurrency, and not by sizes', () => {
    const spaces = [onOneNode(8, { ...range(4, 64), 'kv-offloading': 'none' })];
    const concs = (options: Partial<FullSweepOptions>) => sweep(spaces, options).map((job) => job.conc);

    expect(concs({ minConc: 6, maxConc: 40 })).toEqual([8, 16, 32]);
    expect(concs({ maxConc: 3 })).toEqual([]);
    expect(concs({ minConc: 0, maxTp: 1, maxEp: 1 })).toEqual([4, 8, 16, 32, 64]);
  });
});

describe('offloadDramGb', () => {
  const gb = (space: SingleNodeSpace | MultiNodeSpace, share: number, mib = 1_000_000, gpus = 8) =>
    offloadDramGb({ 'search-space': [], 'dram-utilization': share }, { ...space, ...BACKEND }, 'r', {
      labels: {},
      hardware: { r: { 'available-cpu-dram-mib': mib, 'gpus-per-node': gpus } },
    });
  const prefill = (tp: number, pp = 1) => {
    const { prefill: worker, ...rest } = onManyNodes();
    return { ...rest, prefill: { ...worker, tp, pp } };
  };

  it.each([
    ['a share of the node', onOneNode(8), 0.8, 838],
    ['of the GPUs used, pp and pcp among them', onOneNode(2, { pp: 2, 'pcp-size': 2 }), 1, 1048],
    ['rounded down', onOneNode(3), 0.333, 130],
    ['prefill workers where there are any', prefill(2), 0.8, 209],
    ['whole nodes for larger ones', prefill(8, 2), 0.8, 838],
    ['tiny shares', onOneNode(8), 1e-7, 0],
  ])('is %s', (_, space, share, expected) => {
    expect(gb(space, share)).toBe(expected);
  });

  it('counts at most 3 TB of a node, a little less than which is 2,861,022 MiB', () => {
    expect(gb(onOneNode(8), 1, 4_000_000)).toBe(2999);
    expect(gb(onOneNode(8), 0.29, 4_000_000)).toBe(869);
  });

  it('is nothing without offloading, whatever is known of the runner', () => {
    const scenario = { 'search-space': [] };
    expect(offloadDramGb(scenario, onOneNode(99), 'unknown', RUNNERS)).toBe(0);
  });

  it('refuses what does not fit the nodes', () => {
    expect(() => gb(onOneNode(16), 1)).toThrow(/16 GPUs.*8 of a node/);
    expect(() => gb(prefill(3), 1)).toThrow(/3 GPUs.*do not divide a node's 8/);
    expect(() => gb(prefill(12), 1)).toThrow(/12 GPUs.*do not fill whole nodes of 8/);
    expect(() => sweep([onOneNode(16, { ...list(1), ...BACKEND })], { minConc: 9 })).toThrow('16 GPUs');
  });

  it('says of which point', () => {
    const agentic = [{ 'search-space': [onOneNode(16, { ...list(1), ...BACKEND })] }];
    const of = entry('a', { dialect: '2026-08', runner: RUNNER, agentic });
    const at = (path: readonly PropertyKey[]) => ({ file: 'f.yaml', key: path.join('.') });
    const where = { file: 'f.yaml', key: 'a.scenarios.agentic-coding.0.search-space.0' };
    expect(() => fullSweep([{ ...of, at }], RUNNERS, ALL)).toThrow(expect.objectContaining({ where }));
  });
});
