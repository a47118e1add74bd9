import { SweeplineError } from '../../errors.js';
import { ARRIVAL_PATTERNS, requestsWithin, type AnyPattern, type Arrival } from '../arrival/index.js';
import { MOST_REQUESTS } from '../spec/flags.js';
import { WORKLOADS, type AnyWorkload, type WorkloadSpec } from '../workloads/index.js';
import type { ScenarioPrompts } from '../workloads/scenario-prompts.js';
import { specFields } from './fields.js';
import { loadText, type JobLoad } from './load.js';

/** Numbers of requests, as in load specs. */
export interface Sizes {
  readonly numPrompts: number;
  readonly numWarmups: number;
}

/** The parts of a load spec that a job's load determines. */
export interface LoadParts extends Sizes {
  readonly prompts: WorkloadSpec;
  readonly arrival: Arrival;
}

/** The input for them. */
export interface LoadBasis {
  readonly load?: JobLoad;
  readonly concurrency: number;
  readonly prompts: ScenarioPrompts;
  /** For a closed loop; a schedule has as many requests as are due in its time, and warm-ups in the same proportion. */
  readonly sizes: Sizes;
  /** The data set file with a digest. @throws {SweeplineError} if there is none. */
  readonly fileOf: (sha256: string) => string;
}

/** The workload kind of a load. @throws {SweeplineError} CONFIG_INVALID if it is unknown. */
export function workloadIn({ workload }: JobLoad): AnyWorkload {
  return named(WORKLOADS, workload?.kind ?? 'random', 'workload');
}

/** The arrival pattern of a load. @throws {SweeplineError} CONFIG_INVALID if it is unknown. */
export function patternIn({ arrival }: JobLoad): AnyPattern {
  return named(ARRIVAL_PATTERNS, arrival?.pattern ?? 'closed-loop', 'arrival pattern');
}

function named<T extends { readonly name: string }>(all: readonly T[], name: string, what: string): T {
  const found = all.find((one) => one.name === name);
  if (found !== undefined) return found;
  throw new SweeplineError('CONFIG_INVALID', `there is no ${what} ${name}`, {
    hint: `Available: ${all.map((one) => one.name).join(', ')}.`,
  });
}

/** The prompts of a load. */
export function promptsIn(load: JobLoad, { prompts: job, fileOf }: LoadBasis): WorkloadSpec {
  const workload = workloadIn(load);
  const { kind: _, sha256, ...written } = load.workload ?? { kind: workload.name };
  const [file] = workload.scenario.files ?? [];
  const given = {
    ...specFields(written),
    ...(file !== undefined && sha256 !== undefined && { [file]: fileOf(sha256) }),
  };
  return workload.schema.parse(workload.scenario.toSpec(given, job));
}

/** The arrivals of a load. @param times of its workload's requests, for a pattern that uses them. */
export function arrivalIn(load: JobLoad, concurrency: number, times?: readonly number[]): Arrival {
  const pattern = patternIn(load);
  const field = pattern.scenario?.times;
  return pattern.schema.parse({
    ...specFields(load.arrival ?? { pattern: pattern.name }),
    concurrency,
    ...(field !== undefined && { [field]: times }),
  });
}

/** How many requests a load has, without reading its data set; undefined if only the data set determines it. */
export function sizesOf(basis: LoadBasis, prompts: () => WorkloadSpec): Sizes | undefined {
  const { load = {}, concurrency, sizes } = basis;
  const pattern = patternIn(load);
  if (!('schedule' in pattern)) return sizes;
  if (pattern.scenario?.times !== undefined || load.duration === undefined) return undefined;
  const due = requestsWithin(arrivalIn(load, concurrency), load.duration, MOST_REQUESTS) ?? 0;
  const workload = workloadIn(load);
  return scheduledSizes(workload.promptsIn?.(prompts(), due) ?? due, sizes);
}

/**
 * Warm-ups are sent at the same rate, in the same proportion as in a closed loop: its full number could take longer than the
 * load.
 */
function scheduledSizes(numPrompts: number, { numPrompts: usual, numWarmups }: Sizes): Sizes {
  const inProportion = Math.ceil((numPrompts * numWarmups) / Math.max(1, usual));
  return { numPrompts, numWarmups: Math.min(numWarmups, inProportion) };
}

/**
 * The parts of a load spec that a job's load determines.
 * @throws {SweeplineError} CONFIG_INVALID, or WORKLOAD_INVALID for a data set with too few requests.
 */
export async function loadParts(basis: LoadBasis): Promise<LoadParts> {
  const { load = {}, concurrency, sizes } = basis;
  const prompts = promptsIn(load, basis);
  const workload = workloadIn(load);
  const known = sizesOf(basis, () => prompts);
  if (known !== undefined) {
    // Checks the size of the data set before a server is started.
    await workload.facts?.(prompts, known.numPrompts);
    return { prompts, arrival: arrivalIn(load, concurrency), ...known };
  }
  const { count, timesMs } = await requestsOf(workload, prompts);
  const arrival = arrivalIn(load, concurrency, timesMs);
  const due = load.duration === undefined ? count : requestsWithin(arrival, load.duration, count);
  return { prompts, arrival, ...scheduledSizes(due ?? count, sizes) };
}

async function requestsOf(
  workload: AnyWorkload,
  prompts: WorkloadSpec,
): Promise<{ readonly count: number; readonly timesMs: readonly number[] }> {
  const facts = await workload.facts?.(prompts);
  if (facts?.timesMs !== undefined) return { count: facts.count, timesMs: facts.timesMs };
  throw new SweeplineError('WORKLOAD_INVALID', 'the data set does not say when its requests were made', {
    hint: 'Give the load another arrival pattern.',
  });
}

/** A load in words, the same for all points of a curve; and its rate. */
export function describeLoad(load: JobLoad): { readonly text: string; readonly rate?: number } {
  const rate = load.arrival?.rate;
  if (rate === undefined) return { text: loadText(load) };
  const what = workloadIn(load).promptsIn === undefined ? '' : ', rates of conversations';
  return { text: `${loadText(load)}${what}`, rate };
}
