import { FIELD } from '../config/fields.js';
import type {
  ConfigEntry,
  FixedSeqLen,
  MultiNodeSpace,
  RunnerConfig,
  SearchSpace,
  SingleNodeSpace,
  Worker,
} from '../config/model.js';
import { SweeplineError } from '../errors.js';
import { spell } from './describe.js';
import type { Job } from './job.js';
import { multiNodeRow, singleNodeRow } from './rows/fixed-seq-len.js';
import { leftOutBy, nodesOf, nodesWith, type EntryFilter } from './select.js';
import { isSeqLen } from './seq-lens.js';
import { noTrace, type KeyedEntry, type Trace } from './walk.js';

const SEQ_LEN = [1024, 1024] as const;
/** Tokens a server must have room for: prompt and output. */
const MAX_MODEL_LEN = 2048;

export interface RunnerModelSweepOptions extends Omit<EntryFilter, 'runnerType'> {
  readonly runnerType: string;
  readonly runnerNodeFilter?: string;
  readonly multiNode: boolean;
  /** Instead of the lowest concurrency of the config. */
  readonly conc?: number;
}

/**
 * One job of each of a runner's entries on each of its nodes, to see that all nodes work (2026-02): the first 1k1k
 * scenario, at its highest tp and lowest concurrency.
 * @throws {SweeplineError} USAGE for a runner type or filter without nodes.
 */
export function runnerModelSweep(
  entries: readonly KeyedEntry[],
  runnerConfig: RunnerConfig,
  options: RunnerModelSweepOptions,
  trace: Trace = noTrace,
): readonly Job[] {
  const nodes = wantedNodes(runnerConfig, options);
  const filter = { ...options, runnerType: [options.runnerType] };
  return entries.flatMap((keyed) => {
    const { key, entry } = keyed;
    const reason = whyLeftOut(keyed, filter);
    if (reason !== undefined) {
      trace(key, '', () => `left out by ${reason}`);
      return [];
    }
    const lengths = entry[FIELD.scenarios][FIELD.fixedSeqLen].find((candidate) =>
      isSeqLen(SEQ_LEN, candidate[FIELD.isl], candidate[FIELD.osl]),
    );
    const row = lengths === undefined ? undefined : rowOf(entry, lengths, options.conc);
    trace(key, '1k1k', () =>
      row === undefined
        ? 'nothing to choose from'
        : `${FIELD.conc} ${String(row[FIELD.conc])} on ${nodes.join(', ')}`,
    );
    return row === undefined ? [] : nodes.map((node) => ({ ...row, [FIELD.runner]: node }));
  });
}

function whyLeftOut(
  keyed: KeyedEntry,
  filter: EntryFilter & { readonly multiNode: boolean },
): string | undefined {
  const by = leftOutBy(keyed, filter);
  if (by !== undefined) return spell({ ...filter }, by);
  if (keyed.entry[FIELD.multinode] === filter.multiNode) return undefined;
  return filter.multiNode ? '--multi-node' : '--single-node';
}

function wantedNodes(
  runnerConfig: RunnerConfig,
  { runnerType, runnerNodeFilter }: RunnerModelSweepOptions,
): readonly string[] {
  const all = nodesOf(runnerType, runnerConfig);
  if (all.length === 0) {
    throw new SweeplineError('USAGE', `there is no runner type ${runnerType}`, {
      hint: `The runner config has: ${Object.keys(runnerConfig[FIELD.labels]).join(', ')}.`,
    });
  }
  if (!runnerNodeFilter) return all;
  const nodes = nodesWith(runnerNodeFilter, runnerType, runnerConfig);
  if (nodes.length > 0) return nodes;
  throw new SweeplineError('USAGE', `no node of ${runnerType} has "${runnerNodeFilter}" in its name`, {
    hint: `There are: ${all.join(', ')}.`,
  });
}

function rowOf(entry: ConfigEntry, lengths: FixedSeqLen, conc: number | undefined): Job | undefined {
  const spaces = lengths[FIELD.searchSpace];
  const fixed = {
    [FIELD.maxModelLen]: MAX_MODEL_LEN,
    [FIELD.expName]: `${entry[FIELD.modelPrefix]}_test`,
    [FIELD.runEval]: false,
  };
  if (!entry[FIELD.multinode]) {
    const space = highestTp(spaces.filter((candidate) => FIELD.tp in candidate));
    if (space === undefined) return undefined;
    return {
      ...singleNodeRow(entry, lengths, space),
      ...fixed,
      [FIELD.conc]: conc ?? space[FIELD.concStart] ?? lowest(space),
    };
  }
  const space = lowestListed(spaces.filter((candidate) => FIELD.prefill in candidate));
  if (space === undefined) return undefined;
  const workers = {
    [FIELD.prefill]: worker(space[FIELD.prefill]),
    [FIELD.decode]: worker(space[FIELD.decode]),
  };
  return {
    ...multiNodeRow(entry, lengths, space),
    ...workers,
    ...fixed,
    [FIELD.conc]: [conc ?? lowest(space)],
  };
}

/** The first of those with the highest tp. */
function highestTp(spaces: readonly SingleNodeSpace[]): SingleNodeSpace | undefined {
  return spaces.reduce<SingleNodeSpace | undefined>(
    (best, space) => (best === undefined || space[FIELD.tp] > best[FIELD.tp] ? space : best),
    undefined,
  );
}

/** The first of those with the lowest concurrency in a list; ranges come last. */
function lowestListed(spaces: readonly MultiNodeSpace[]): MultiNodeSpace | undefined {
  const least = (space: MultiNodeSpace): number => Math.min(...(space[FIELD.concList] ?? []));
  return spaces.reduce<MultiNodeSpace | undefined>(
    (best, space) => (best === undefined || least(space) < least(best) ? space : best),
    undefined,
  );
}

function lowest(space: SearchSpace): number {
  const list = space[FIELD.concList] ?? [];
  return list.length > 0 ? Math.min(...list) : (space[FIELD.concStart] ?? 1);
}

function worker(written: Worker): Worker {
  return {
    [FIELD.numWorker]: written[FIELD.numWorker],
    [FIELD.tp]: written[FIELD.tp],
    [FIELD.ep]: written[FIELD.ep],
    [FIELD.dpAttn]: written[FIELD.dpAttn],
    [FIELD.additionalSettings]:
      written[FIELD.additionalSettings] === undefined ? [] : written[FIELD.additionalSettings],
  };
}
