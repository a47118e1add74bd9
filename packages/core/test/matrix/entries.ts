import type {
  AgenticCoding,
  ConfigEntry,
  Dialect,
  MultiNodeSpace,
  RunnerConfig,
  SearchSpace,
  SingleNodeSpace,
} from '../../src/config/model.js';
import type { FullSweepOptions } from '../../src/matrix/full-sweep.js';
import type { KeyedEntry } from '../../src/matrix/walk.js';

type Changes = Partial<Omit<ConfigEntry, 'scenarios'>> & {
  readonly spaces?: readonly SearchSpace[];
  readonly lengths?: readonly (readonly [number, number])[];
  readonly agentic?: readonly AgenticCoding[];
};

/** A config entry; its spaces decide whether it is single-node or multi-node, 1k1k unless specified. */
export function entry(key: string, changes: Changes = {}): KeyedEntry {
  const { spaces = [], lengths = [[1024, 1024]], agentic = [], ...fields } = changes;
  const all = [...spaces, ...agentic.flatMap((scenario) => scenario['search-space'])];
  return {
    key,
    entry: {
      dialect: '2026-02',
      image: 'engine:1',
      model: 'org/model',
      'model-prefix': 'mod',
      runner: 'h200',
      precision: 'fp8',
      framework: 'vllm',
      multinode: all.some((space) => 'prefill' in space),
      disagg: false,
      scenarios: {
        'fixed-seq-len':
          spaces.length === 0
            ? []
            : lengths.map(([isl, osl]) => ({
                isl,
                osl,
                'search-space': spaces,
              })),
        'agentic-coding': agentic,
      },
      ...fields,
    },
  };
}

export const range = (start: number, end: number) => ({ 'conc-start': start, 'conc-end': end });
export const list = (...values: readonly number[]) => ({ 'conc-list': values });

export function onOneNode(tp: number, changes: Partial<SingleNodeSpace> = {}): SingleNodeSpace {
  return { tp, ...changes };
}

export function onManyNodes(changes: Partial<MultiNodeSpace> = {}): MultiNodeSpace {
  return {
    prefill: { 'num-worker': 1, tp: 4, ep: 4, 'dp-attn': true },
    decode: { 'num-worker': 2, tp: 8, ep: 1, 'dp-attn': false },
    ...changes,
  };
}

export const RUNNERS: RunnerConfig = {
  labels: { h200: ['h200_0', 'h200_1', 'spare_0'], b200: ['b200_0'], 'cluster:h200': ['h200_0'] },
  hardware: {
    'cluster:h200': { 'available-cpu-dram-mib': 1_000_000, 'gpus-per-node': 8 },
  },
};

export const ALL: FullSweepOptions = { stepSize: 2, singleNode: true, multiNode: true };

export const DIALECTS: readonly Dialect[] = ['2026-02', '2026-08'];
