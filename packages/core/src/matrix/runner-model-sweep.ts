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
/** Tokens that a server must have room for: prompt and output. */
const MAX_MODEL_LEN = 2048;

export interface RunnerModelSweepOptions extends Omit<EntryFilter, 'runnerType'> {
  readonly runnerType: string;
  readonly runnerNodeFilter?: string;
  readonly multiNode: boolean;
  /** Replaces the lowest concurrency of the config. */
  readonly conc?: number;
}

/**
 * One job for each of a runner's entries on each of its nodes, to check that all nodes work (2026-02): the first 1k1k scenario,
 * at its highest tp and lowest concurrency.
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
    const lengths = entry.scenarios['fixed-seq-len'].find((candidate) =>
      isSeqLen(SEQ_LEN, candidate.isl, candidate.osl),
    );
    const row = lengths === undefined ? undefined : rowOf(entry, lengths, options.conc);
    trace(key, '1k1k', () =>
      row === undefined ? 'nothing to choose from' : `conc ${String(row.conc)} on ${nodes.join(', ')}`,
    );
    return row === undefined ? [] : nodes.map((node) => ({ ...row, runner: node }));
  });
}

function whyLeftOut(
  keyed: KeyedEntry,
  filter: EntryFilter & { readonly multiNode: boolean },
): string | undefined {
  const by = leftOutBy(keyed, filter);
  if (by !== undefined) return spell({ ...filter }, by);
  if (keyed.entry.multinode === filter.multiNode) return undefined;
  return filter.multiNode ? '--multi-node' : '--single-node';
}

function wantedNodes(
  runnerConfig: RunnerConfig,
  { runnerType, runnerNodeFilter }: RunnerModelSweepOptions,
): readonly string[] {
  const all = nodesOf(runnerType, runnerConfig);
  if (all.length === 0) {
    throw new SweeplineError('USAGE', `there is no runner type ${runnerType}`, {
      hint: `The runner config has: ${Object.keys(runnerConfig.labels).join(', ')}.`,
    });
  }
  if (!runnerNodeFilter) return all;
  const nodes = nodesWith(runnerNodeFilter, runnerType, runnerConfig);
  if (nodes.length > 0) return nodes;
  throw new SweeplineError('USAGE', `no node of ${runnerType} has "${runnerNodeFilter}" in its name`, {
    hint: `Available: ${all.join(', ')}.`,
  });
}

function rowOf(entry: ConfigEntry, lengths: FixedSeqLen, conc: number | undefined): Job | undefined {
  const spaces = lengths['search-space'];
  const fixed = {
    'max-model-len': MAX_MODEL_LEN,
    'exp-name': `${entry['model-prefix']}_test`,
    'run-eval': false,
  };
  if (!entry.multinode) {
    const space = highestTp(spaces.filter((candidate) => 'tp' in candidate));
    if (space === undefined) return undefined;
    const least = conc ?? space['conc-start'] ?? lowest(space);
    return { ...singleNodeRow(entry, lengths, space, least), ...fixed };
  }
  const space = lowestListed(spaces.filter((candidate) => 'prefill' in candidate));
  if (space === undefined) return undefined;
  const workers = {
    prefill: worker(space.prefill),
    decode: worker(space.decode),
  };
  return {
    ...multiNodeRow(entry, lengths, space, [conc ?? lowest(space)]),
    ...workers,
    ...fixed,
  };
}

/** The first of the spaces with the highest tp. */
function highestTp(spaces: readonly SingleNodeSpace[]): SingleNodeSpace | undefined {
  return spaces.reduce<SingleNodeSpace | undefined>(
    (best, space) => (best === undefined || space.tp > best.tp ? space : best),
    undefined,
  );
}

/** The first of the spaces with the lowest concurrency in a list; ranges come last. */
function lowestListed(spaces: readonly MultiNodeSpace[]): MultiNodeSpace | undefined {
  const least = (space: MultiNodeSpace): number => Math.min(...(space['conc-list'] ?? []));
  return spaces.reduce<MultiNodeSpace | undefined>(
    (best, space) => (best === undefined || least(space) < least(best) ? space : best),
    undefined,
  );
}

function lowest(space: SearchSpace): number {
  const list = space['conc-list'] ?? [];
  return list.length > 0 ? Math.min(...list) : (space['conc-start'] ?? 1);
}

function worker(written: Worker): Worker {
  return {
    'num-worker': written['num-worker'],
    tp: written.tp,
    ep: written.ep,
    'dp-attn': written['dp-attn'],
    'additional-settings': written['additional-settings'] === undefined ? [] : written['additional-settings'],
  };
}
