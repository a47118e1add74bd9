import { FIELD } from '../../src/config/fields.js';
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

type Changes = Partial<Omit<ConfigEntry, typeof FIELD.scenarios>> & {
  readonly spaces?: readonly SearchSpace[];
  readonly lengths?: readonly (readonly [number, number])[];
  readonly agentic?: readonly AgenticCoding[];
};

/** A config entry; one kind of node by its spaces, 1k1k unless it says else. */
export function entry(key: string, changes: Changes = {}): KeyedEntry {
  const { spaces = [], lengths = [[1024, 1024]], agentic = [], ...fields } = changes;
  const all = [...spaces, ...agentic.flatMap((scenario) => scenario[FIELD.searchSpace])];
  return {
    key,
    entry: {
      dialect: '2026-02',
      [FIELD.image]: 'engine:1',
      [FIELD.model]: 'org/model',
      [FIELD.modelPrefix]: 'mod',
      [FIELD.runner]: 'h200',
      [FIELD.precision]: 'fp8',
      [FIELD.framework]: 'vllm',
      [FIELD.multinode]: all.some((space) => FIELD.prefill in space),
      [FIELD.disagg]: false,
      [FIELD.scenarios]: {
        [FIELD.fixedSeqLen]:
          spaces.length === 0
            ? []
            : lengths.map(([isl, osl]) => ({
                [FIELD.isl]: isl,
                [FIELD.osl]: osl,
                [FIELD.searchSpace]: spaces,
              })),
        [FIELD.agenticCoding]: agentic,
      },
      ...fields,
    },
  };
}

export const range = (start: number, end: number) => ({ [FIELD.concStart]: start, [FIELD.concEnd]: end });
export const list = (...values: readonly number[]) => ({ [FIELD.concList]: values });

export function onOneNode(tp: number, changes: Partial<SingleNodeSpace> = {}): SingleNodeSpace {
  return { [FIELD.tp]: tp, ...changes };
}

export function onManyNodes(changes: Partial<MultiNodeSpace> = {}): MultiNodeSpace {
  return {
    [FIELD.prefill]: { [FIELD.numWorker]: 1, [FIELD.tp]: 4, [FIELD.ep]: 4, [FIELD.dpAttn]: true },
    [FIELD.decode]: { [FIELD.numWorker]: 2, [FIELD.tp]: 8, [FIELD.ep]: 1, [FIELD.dpAttn]: false },
    ...changes,
  };
}

export const RUNNERS: RunnerConfig = {
  [FIELD.labels]: { h200: ['h200_0', 'h200_1', 'spare_0'], b200: ['b200_0'], 'cluster:h200': ['h200_0'] },
  [FIELD.hardware]: {
    'cluster:h200': { [FIELD.availableCpuDramMib]: 1_000_000, [FIELD.gpusPerNode]: 8 },
  },
};

export const ALL: FullSweepOptions = { stepSize: 2, singleNode: true, multiNode: true };

export const DIALECTS: readonly Dialect[] = ['2026-02', '2026-08'];
