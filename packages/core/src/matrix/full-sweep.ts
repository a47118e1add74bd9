import type { ConfigEntry, RunnerConfig, SearchSpace, SingleNodeSpace } from '../config/model.js';
import { nearestLabel, suggestion } from '../config/nearest.js';
import { SweeplineError } from '../errors.js';
import {
  boundedList,
  boundedRange,
  concurrencies,
  strictlyBounded,
  type ConcurrencyBounds,
} from './concurrency.js';
import { spell } from './describe.js';
import type { Job } from './job.js';
import { leftOutBy, nodesWith, type EntryFilter } from './select.js';
import { isSeqLen, type SeqLen } from './seq-lens.js';
import { jobsOf, noTrace, type Keeps, type KeyedEntry, type Trace } from './walk.js';

export type ScenarioName = 'fixed-seq-len' | 'agentic-coding';

export interface FullSweepOptions extends EntryFilter, ConcurrencyBounds {
  readonly seqLens?: readonly SeqLen[];
  /** Factor from one concurrency to the next; above 1. */
  readonly stepSize: number;
  readonly maxTp?: number;
  readonly maxEp?: number;
  readonly singleNode: boolean;
  readonly multiNode: boolean;
  /** Jobs are spread over the nodes whose name contains it; empty means no filter. */
  readonly runnerNodeFilter?: string;
  readonly scenarioTypes?: readonly ScenarioName[];
}

/** All jobs of all entries that pass the filters. @throws {SweeplineError} USAGE for a runner type that doesn't exist. */
export function fullSweep(
  entries: readonly KeyedEntry[],
  runnerConfig: RunnerConfig,
  options: FullSweepOptions,
  trace: Trace = noTrace,
): readonly Job[] {
  checkRunnerTypes(options.runnerType ?? [], runnerConfig);
  const jobs: Job[] = [];
  for (const entry of entries) {
    const reason = whyLeftOut(entry, runnerConfig, options);
    if (reason === undefined) {
      for (const job of jobsOf(entry, keeps(entry.entry, runnerConfig, options), trace)) jobs.push(job);
    } else {
      trace(entry.key, '', () => `left out by ${reason}`);
    }
  }
  return jobs;
}

function whyLeftOut(
  keyed: KeyedEntry,
  runnerConfig: RunnerConfig,
  { runnerNodeFilter, ...options }: FullSweepOptions,
): string | undefined {
  const { entry } = keyed;
  const filter = leftOutBy(keyed, options);
  if (filter !== undefined) return spell({ ...options }, filter);
  if (entry.multinode ? !options.multiNode : !options.singleNode) {
    return entry.multinode ? '--single-node' : '--multi-node';
  }
  if (!runnerNodeFilter || nodesWith(runnerNodeFilter, entry.runner, runnerConfig).length > 0)
    return undefined;
  return spell({ runnerNodeFilter }, 'runnerNodeFilter');
}

function keeps(entry: ConfigEntry, runnerConfig: RunnerConfig, options: FullSweepOptions): Keeps {
  const { runnerNodeFilter, seqLens, scenarioTypes, stepSize } = options;
  const runner = entry.runner;
  return {
    runnerConfig,
    asked: { ...options },
    runners: runnerNodeFilter ? nodesWith(runnerNodeFilter, runner, runnerConfig) : [runner],
    scenario: (name) => scenarioTypes === undefined || scenarioTypes.includes(name),
    lengths: ({ isl, osl }) => seqLens === undefined || seqLens.some((wanted) => isSeqLen(wanted, isl, osl)),
    singleNode: (space) => clamped(space, options),
    fixedConcurrencies: (space) => bounded(space, options),
    agenticConcurrencies: (space) => strictlyBounded(concurrencies(space, stepSize), options),
  };
}

/** `maxTp` excludes points; `maxEp` clamps them. Values that are not positive leave nothing. */
function clamped(space: SingleNodeSpace, { maxTp, maxEp }: FullSweepOptions): SingleNodeSpace | undefined {
  if (maxTp !== undefined && (maxTp <= 0 || space.tp > maxTp)) return undefined;
  if (maxEp === undefined) return space;
  if (maxEp <= 0) return undefined;
  const ep = space.ep;
  return ep === undefined || ep <= maxEp ? space : { ...space, ep: maxEp };
}

function bounded(space: SearchSpace, options: FullSweepOptions): readonly number[] | undefined {
  const isRange = (space['conc-list']?.length ?? 0) === 0;
  const all =
    'tp' in space && isRange
      ? boundedRange(space, options.stepSize, options)
      : boundedList(concurrencies(space, options.stepSize), options);
  return all.length === 0 ? undefined : all;
}

function checkRunnerTypes(wanted: readonly string[], runners: RunnerConfig): void {
  const known = Object.keys(runners.labels);
  const unknown = wanted.filter((label) => !known.includes(label));
  if (unknown.length === 0) return;
  const near = unknown.map((label) => nearestLabel(label, known)).find((found) => found !== undefined);
  throw new SweeplineError('USAGE', `there is no runner type ${unknown.join(', ')}${suggestion(near)}`, {
    hint: `Available: ${known.sort().join(', ')}.`,
  });
}
