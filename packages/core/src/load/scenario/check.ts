import { SweeplineError } from '../../errors.js';
import { requestsWithin } from '../arrival/index.js';
import { MOST_REQUESTS } from '../spec/flags.js';
import { configName, specFields } from './fields.js';
import type { JobLoad } from './load.js';
import { arrivalIn, patternIn, promptsIn, workloadIn } from './spec.js';

/** Most requests of a schedule: prompts are made before it starts. */
const MOST_DUE = MOST_REQUESTS / 16;

/** A problem at a path of a config's `load`. */
export interface LoadProblem {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

interface Lengths {
  readonly isl: number;
  readonly osl: number;
}

/** Problems of a load that the schema accepts: on its own, or with the lengths of its scenario. */
export function loadProblems(load: JobLoad, lengths: Lengths): readonly LoadProblem[] {
  const problems = [...durationProblems(load), ...timesProblems(load), ...fieldProblems(load, lengths)];
  return problems.length > 0 ? problems : specProblems(load, lengths);
}

function durationProblems(load: JobLoad): readonly LoadProblem[] {
  const pattern = patternIn(load);
  if (!('schedule' in pattern)) {
    if (load.duration === undefined) return [];
    const message = `expected none with ${pattern.name}: it sends a request when another one ends`;
    return [{ path: ['duration'], message }];
  }
  if (load.duration !== undefined || pattern.scenario?.times !== undefined) return [];
  const message = `expected seconds: they decide how many requests ${pattern.name} has`;
  return [{ path: ['duration'], message }];
}

/** Problems of a pattern that uses the times of recorded requests. */
function timesProblems(load: JobLoad): readonly LoadProblem[] {
  const [pattern, workload] = [patternIn(load), workloadIn(load)];
  if (pattern.scenario?.times === undefined || workload.facts !== undefined) return [];
  const message = `expected another one with ${workload.name} prompts: they have no recorded times, which ${pattern.name} needs`;
  return [{ path: ['arrival', 'pattern'], message }];
}

function fieldProblems(load: JobLoad, lengths: Lengths): readonly LoadProblem[] {
  const workload = workloadIn(load);
  const shape = { ...lengths, hasSchedule: 'schedule' in patternIn(load) };
  const problem = workload.scenario.problem?.(specFields(load.workload ?? {}), shape);
  if (problem === undefined) return [];
  return [{ path: ['workload', configName(problem.field)], message: problem.message }];
}

/** Problems that load processes would find in the spec. */
function specProblems(load: JobLoad, lengths: Lengths): readonly LoadProblem[] {
  const prompts = { ...lengths, form: 'auto', rangeRatio: 1, seed: 0, useChatTemplate: false } as const;
  const sizes = { numPrompts: 1, numWarmups: 0 };
  const basis = { load, concurrency: 1, prompts, sizes, fileOf: () => '' };
  const problems = [
    ...thrownBy('workload', () => promptsIn(load, basis)),
    ...thrownBy('arrival', () => arrivalIn(load, 1, [0])),
  ];
  return problems.length > 0 ? problems : tooMany(load);
}

function tooMany(load: JobLoad): readonly LoadProblem[] {
  const { duration, arrival: { rate = 0 } = {} } = load;
  if (duration === undefined) return [];
  const isMore =
    rate * duration > MOST_DUE ||
    (requestsWithin(arrivalIn(load, 1, [0]), duration, MOST_DUE) ?? 0) >= MOST_DUE;
  if (!isMore) return [];
  const message = `expected fewer seconds: the schedule has more than ${MOST_DUE} requests in that time`;
  return [{ path: ['duration'], message }];
}

/** Path and message of a zod error, with the config's names. */
function thrownBy(part: string, make: () => unknown): readonly LoadProblem[] {
  try {
    make();
    return [];
  } catch (thrown) {
    const issues = issuesOf(thrown);
    return issues.map(({ path, message }) => ({
      path: [part, ...path.map((key) => (typeof key === 'string' ? configName(key) : key))],
      message,
    }));
  }
}

function issuesOf(thrown: unknown): readonly LoadProblem[] {
  if (thrown instanceof SweeplineError) return [{ path: [], message: thrown.message }];
  const { issues } = thrown as { readonly issues?: readonly LoadProblem[] };
  if (issues === undefined) throw thrown;
  return issues;
}
