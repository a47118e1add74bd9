import { FIELD } from '../config/fields.js';
import type {
  AgenticCoding,
  ConfigEntry,
  FixedSeqLen,
  MultiNodeSpace,
  RunnerConfig,
  SearchSpace,
  SingleNodeSpace,
} from '../config/model.js';
import { offloadDramGb } from './dram.js';
import type { Job } from './job.js';
import { multiNodeAgenticRow, singleNodeAgenticRow } from './rows/agentic.js';
import { multiNodeRow, singleNodeRow } from './rows/fixed-seq-len.js';

/** A config entry by its key. */
export interface KeyedEntry {
  readonly key: string;
  readonly entry: ConfigEntry;
}

/** Takes note of how jobs come about; `place` is a path of keys below the entry, `what` is made when it is wanted. */
export type Trace = (key: string, place: string, what: () => string) => void;

export const noTrace: Trace = () => {};

/** What a command keeps of an entry's scenarios. */
export interface Keeps {
  /** Runner values that each point gets a row for; an entry without any is left out. */
  readonly runners: readonly string[];
  readonly runnerConfig: RunnerConfig;
  lengths(lengths: FixedSeqLen): boolean;
  scenario(name: typeof FIELD.fixedSeqLen | typeof FIELD.agenticCoding): boolean;
  /** The point as it is to be run (filters may clamp it); undefined leaves it out. */
  singleNode(space: SingleNodeSpace): SingleNodeSpace | undefined;
  /** Undefined leaves the point out. */
  fixedConcurrencies(space: SearchSpace): readonly number[] | undefined;
  agenticConcurrencies(space: SearchSpace): readonly number[];
}

/**
 * The jobs of an entry, in the original's order: scenarios and search-space points as they are written; on one node
 * concurrencies, each over all runners; on many nodes runners.
 */
export function* jobsOf({ key, entry }: KeyedEntry, keeps: Keeps, trace: Trace = noTrace): Generator<Job> {
  const { [FIELD.fixedSeqLen]: fixed, [FIELD.agenticCoding]: agentic } = entry[FIELD.scenarios];
  if (keeps.scenario(FIELD.fixedSeqLen)) {
    for (const lengths of fixed) {
      const place = `${lengths[FIELD.isl]}/${lengths[FIELD.osl]}`;
      if (keeps.lengths(lengths)) yield* fixedJobs(entry, lengths, keeps, traceAt(trace, key, place));
      else trace(key, place, () => 'left out: other sequence lengths are asked for');
    }
  }
  if (keeps.scenario(FIELD.agenticCoding)) {
    for (const scenario of agentic) {
      yield* agenticJobs(entry, scenario, keeps, traceAt(trace, key, FIELD.agenticCoding));
    }
  }
}

type Note = (point: number, what: () => string) => void;

function traceAt(trace: Trace, key: string, place: string): Note {
  return (point, what) => trace(key, `${place} ${FIELD.searchSpace}[${point}]`, what);
}

function* fixedJobs(entry: ConfigEntry, lengths: FixedSeqLen, keeps: Keeps, note: Note): Generator<Job> {
  for (const [index, written] of lengths[FIELD.searchSpace].entries()) {
    const space = FIELD.tp in written ? keeps.singleNode(written) : written;
    if (space === undefined) {
      note(index, () => 'left out: more parallelism than is asked for');
      continue;
    }
    const all = keeps.fixedConcurrencies(space);
    note(index, () => describe(written, space, all ?? [], keeps.runners));
    if (all === undefined) continue;
    if (FIELD.tp in space) yield* overConcurrencies(singleNodeRow(entry, lengths, space), all, keeps.runners);
    else yield* overRunners(multiNodeRow(entry, lengths, space), all, keeps.runners);
  }
}

function* overConcurrencies<J extends Job>(
  row: J,
  concurrencies: readonly number[],
  runners: readonly string[],
): Generator<J> {
  for (const conc of concurrencies) {
    for (const runner of runners) yield { ...row, [FIELD.runner]: runner, [FIELD.conc]: conc };
  }
}

function* overRunners<J extends Job>(
  row: J,
  concurrencies: readonly number[],
  runners: readonly string[],
): Generator<J> {
  for (const runner of runners) yield { ...row, [FIELD.runner]: runner, [FIELD.conc]: concurrencies };
}

function* agenticJobs(entry: ConfigEntry, scenario: AgenticCoding, keeps: Keeps, note: Note): Generator<Job> {
  for (const [index, space] of scenario[FIELD.searchSpace].entries()) {
    const dramGb = offloadDramGb(scenario, space, entry[FIELD.runner], keeps.runnerConfig);
    const all = keeps.agenticConcurrencies(space);
    note(index, () => describe(space, space, all, keeps.runners));
    if (FIELD.tp in space) yield* agenticSingle(entry, space, dramGb, all, keeps.runners);
    else yield* agenticMulti(entry, space, dramGb, all, keeps.runners);
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
      yield* overRunners(multiNodeAgenticRow(entry, space, dramGb, conc), [conc], [runner]);
    }
  }
}

/** `conc-start 4, conc-end 64: 4, 8, 16, 32, 64 on h200`, and what was clamped. */
function describe(
  written: SearchSpace,
  space: SearchSpace,
  concurrencies: readonly number[],
  runners: readonly string[],
): string {
  const list = written[FIELD.concList];
  const given =
    list === undefined
      ? `${FIELD.concStart} ${written[FIELD.concStart]}, ${FIELD.concEnd} ${written[FIELD.concEnd]}`
      : `${FIELD.concList} ${list.join(', ')}`;
  const clamped =
    FIELD.tp in written && FIELD.tp in space && written[FIELD.ep] !== space[FIELD.ep]
      ? `; ${FIELD.ep} ${written[FIELD.ep]} clamped to ${space[FIELD.ep]}`
      : '';
  return concurrencies.length === 0
    ? `${given}: nothing left by the bounds on concurrency`
    : `${given}: ${concurrencies.join(', ')} on ${runners.join(', ')}${clamped}`;
}
