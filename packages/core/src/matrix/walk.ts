import type {
  AgenticCoding,
  ConfigEntry,
  FixedSeqLen,
  MultiNodeSpace,
  RunnerConfig,
  SearchSpace,
  SingleNodeSpace,
} from '../config/model.js';
import { SweeplineError, type Where } from '../errors.js';
import { loadsOf, type JobLoad } from '../load/scenario/load.js';
import { describePoint, spell, type Asked } from './describe.js';
import { offloadDramGb } from './dram.js';
import type { Job } from './job.js';
import { multiNodeAgenticRow, singleNodeAgenticRow } from './rows/agentic.js';
import { multiNodeRow, singleNodeRow } from './rows/fixed-seq-len.js';

/** A config entry and its key. */
export interface KeyedEntry {
  readonly key: string;
  readonly entry: ConfigEntry;
  /** The position in the file of a path of keys, beginning with the entry's own; if it is known. */
  readonly at?: (path: readonly PropertyKey[]) => Where;
}

/** Records how jobs are derived; `place` is a path of keys below the entry, and `what` is only called if it is needed. */
export type Trace = (key: string, place: string, what: () => string) => void;

export const noTrace: Trace = () => {};

/** The parts of an entry's scenarios that a command keeps. */
export interface Keeps {
  /** Runner values that each point gets a row for; an entry without any is skipped. */
  readonly runners: readonly string[];
  readonly runnerConfig: RunnerConfig;
  readonly asked: Asked;
  lengths(lengths: FixedSeqLen): boolean;
  scenario(name: 'fixed-seq-len' | 'agentic-coding'): boolean;
  /** The point as it will run (filters may clamp it); undefined removes it. */
  singleNode(space: SingleNodeSpace): SingleNodeSpace | undefined;
  /** Undefined removes the point. */
  fixedConcurrencies(space: SearchSpace): readonly number[] | undefined;
  agenticConcurrencies(space: SearchSpace): readonly number[];
}

/**
 * The jobs of an entry, in the original's order: scenarios and search-space points as they are written; on one node by
 * concurrency and then runner; on several nodes by runner.
 */
export function* jobsOf(keyed: KeyedEntry, keeps: Keeps, trace: Trace = noTrace): Generator<Job> {
  const { key, entry } = keyed;
  const { 'fixed-seq-len': fixed, 'agentic-coding': agentic } = entry.scenarios;
  for (const lengths of fixed) {
    const place = `${lengths.isl}/${lengths.osl}`;
    if (!keeps.scenario('fixed-seq-len')) trace(key, place, () => 'left out by --scenario-type');
    else if (!keeps.lengths(lengths)) trace(key, place, () => 'left out by --seq-lens');
    else yield* fixedJobs(entry, lengths, keeps, traceAt(trace, key, place));
  }
  for (const [index, scenario] of agentic.entries()) {
    const place = 'agentic-coding';
    if (!keeps.scenario(place)) trace(key, place, () => 'left out by --scenario-type');
    else yield* agenticJobs(keyed, [index, scenario], keeps, traceAt(trace, key, place));
  }
}

type Note = (point: number, what: () => string) => void;

function traceAt(trace: Trace, key: string, place: string): Note {
  return (point, what) => trace(key, `${place} search-space[${point}]`, what);
}

function* fixedJobs(entry: ConfigEntry, lengths: FixedSeqLen, keeps: Keeps, note: Note): Generator<Job> {
  const loads = lengths.load && loadsOf(lengths.load);
  for (const [index, written] of lengths['search-space'].entries()) {
    const space = 'tp' in written ? keeps.singleNode(written) : written;
    if (space === undefined) {
      note(index, () => `left out by ${spell(keeps.asked, 'maxTp', 'maxEp')}`);
      continue;
    }
    const all = keeps.fixedConcurrencies(space);
    note(index, () => describePoint(written, space, all ?? [], keeps, lengths.load));
    if (all === undefined) continue;
    if (loads === undefined) yield* jobsAt(entry, lengths, space, all, keeps.runners);
    else yield* loadedJobs(loads, () => jobsAt(entry, lengths, space, all, keeps.runners));
  }
}

function jobsAt(
  entry: ConfigEntry,
  lengths: FixedSeqLen,
  space: SearchSpace,
  all: readonly number[],
  runners: readonly string[],
): Iterable<Job> {
  return 'tp' in space
    ? overConcurrencies(singleNodeRow(entry, lengths, space, all[0] ?? 1), all, runners)
    : overRunners(multiNodeRow(entry, lengths, space, all), runners);
}

/** The same jobs with each of several loads. */
function* loadedJobs(loads: readonly (JobLoad | undefined)[], jobs: () => Iterable<Job>): Generator<Job> {
  for (const load of loads) {
    for (const job of jobs()) yield load === undefined ? job : { ...job, load };
  }
}

function* overConcurrencies<J extends Job>(
  row: J,
  concurrencies: readonly number[],
  runners: readonly string[],
): Generator<J> {
  for (const conc of concurrencies) {
    for (const runner of runners) yield { ...row, runner, conc };
  }
}

function* overRunners<J extends Job>(row: J, runners: readonly string[]): Generator<J> {
  for (const runner of runners) yield { ...row, runner };
}

function* agenticJobs(
  { key, entry, at }: KeyedEntry,
  [position, scenario]: readonly [number, AgenticCoding],
  keeps: Keeps,
  note: Note,
): Generator<Job> {
  for (const [index, space] of scenario['search-space'].entries()) {
    const path = [key, 'scenarios', 'agentic-coding', position, 'search-space', index];
    const dramGb = located(at?.(path) ?? { key }, () =>
      offloadDramGb(scenario, space, entry.runner, keeps.runnerConfig),
    );
    const all = keeps.agenticConcurrencies(space);
    note(index, () => describePoint(space, space, all, keeps));
    if ('tp' in space) yield* agenticSingle(entry, space, dramGb, all, keeps.runners);
    else yield* agenticMulti(entry, space, dramGb, all, keeps.runners);
  }
}

/** Adds the position to errors. */
function located<T>(where: Where, call: () => T): T {
  try {
    return call();
  } catch (thrown) {
    throw thrown instanceof SweeplineError ? thrown.at(where) : thrown;
  }
}

function* agenticSingle(
  entry: ConfigEntry,
  space: SingleNodeSpace,
  dramGb: number,
  concurrencies: readonly number[],
  runners: readonly string[],
): Generator<Job> {
  for (const conc of concurrencies) {
    yield* overConcurrencies(singleNodeAgenticRow(entry, space, dramGb, conc), [conc], runners);
  }
}

function* agenticMulti(
  entry: ConfigEntry,
  space: MultiNodeSpace,
  dramGb: number,
  concurrencies: readonly number[],
  runners: readonly string[],
): Generator<Job> {
  for (const runner of runners) {
    for (const conc of concurrencies) {
      yield* overRunners(multiNodeAgenticRow(entry, space, dramGb, conc), [runner]);
    }
  }
}
