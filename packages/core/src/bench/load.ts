import { randomInt } from 'node:crypto';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { SweeplineError } from '../errors.js';
import { ARRIVAL_PATTERNS, type AnyPattern, type Arrival } from '../load/arrival/index.js';
import { flagName, type Flags, type FlagValues } from '../load/spec/flags.js';
import { WORKLOADS, type AnyWorkload, type WorkloadSpec } from '../load/workloads/index.js';
import type { BenchPrompts, DataSetFacts } from '../load/workloads/workload.js';
import type { ArrivalOptions, PromptOptions } from './options.js';

type Environment = Readonly<Record<string, string | undefined>>;

export const DEFAULT_PROMPTS = 1000;

/** The result of a data set: its part of the load spec, the number of requests, and the times of a trace. */
export interface Dataset extends Pick<DataSetFacts, 'timesMs'> {
  readonly prompts: WorkloadSpec;
  readonly numPrompts: number;
  /** An upper limit: the length of a trace, or the requested number. */
  readonly isLimited: boolean;
}

/** @throws {SweeplineError} USAGE; WORKLOAD_INVALID for a data set that can't be read. */
export async function datasetOf(
  options: PromptOptions,
  { cwd, env }: { readonly cwd: string; readonly env: Environment },
): Promise<Dataset> {
  const workload = chosen(WORKLOADS, options.datasetName, '--dataset-name', options);
  const flags = flagsOf(workload, options);
  const asked = workload.schema.parse(workload.bench.toSpec({ ...flags, ...sharedOf(options, cwd) }));
  const prompts = (await workload.bench.locate?.(asked, flags, env)) ?? asked;
  const count = workload.bench.count?.(flags, prompts) ?? options.numPrompts;
  const facts = await workload.facts?.(prompts, count);
  return {
    prompts,
    numPrompts: facts?.count ?? count ?? DEFAULT_PROMPTS,
    isLimited: facts !== undefined || count !== undefined,
    ...(facts?.timesMs && { timesMs: facts.timesMs }),
  };
}

/** @throws {SweeplineError} USAGE if options contradict each other. */
export function arrivalOf(options: ArrivalOptions & Pick<PromptOptions, 'seed'>, dataset: Dataset): Arrival {
  const name = options.arrival ?? defaultPattern(options, dataset);
  const pattern = chosen(ARRIVAL_PATTERNS, name, '--arrival', options);
  const { requestRate, maxConcurrency, seed } = options;
  const { numPrompts, timesMs } = dataset;
  return pattern.schema.parse(
    pattern.bench.toSpec({
      ...flagsOf(pattern, options),
      ...{ requestRate, seed, numPrompts },
      ...(maxConcurrency !== undefined && { maxConcurrency }),
      ...(timesMs && { timesMs }),
    }),
  );
}

/** As vLLM's client does: a rate means a gamma process, and a ramp-up has its strategy. */
function defaultPattern(options: ArrivalOptions, { timesMs }: Dataset): string {
  const { requestRate } = options;
  if (isGiven('rampUpStrategy', undefined, options)) return 'ramp-up';
  if (requestRate !== Infinity) return 'gamma';
  return timesMs === undefined ? 'closed-loop' : 'replay';
}

/**
 * The pattern or kind with this name.
 * @throws {SweeplineError} USAGE for an option of another one: it would have no effect, so the user expects something else.
 */
function chosen<T extends AnyPattern | AnyWorkload>(
  all: readonly T[],
  name: string,
  option: string,
  options: object,
): T {
  const found = all.find((one) => one.name === name);
  if (found === undefined) throw new SweeplineError('USAGE', `there is no ${option} ${name}`);
  for (const other of all) {
    for (const [key, flag] of Object.entries(other.bench.flags)) {
      if (!flag.only || key in found.bench.flags || !isGiven(key, flag.default, options)) continue;
      throw new SweeplineError('USAGE', `${flagName(key)} works only with ${option} ${other.name}`);
    }
  }
  return found;
}

function isGiven(key: string, by: unknown, options: object): boolean {
  const value = (options as Readonly<Record<string, unknown>>)[key];
  return value !== undefined && value !== by;
}

/** The options that only one pattern or kind has. */
function flagsOf({ bench }: AnyPattern | AnyWorkload, options: object): FlagValues<Flags> {
  const own = Object.entries(options).filter(([key]) => key in bench.flags);
  return Object.fromEntries(own);
}

function sharedOf(options: PromptOptions, cwd: string): BenchPrompts {
  const { datasetName, datasetPath, bustCache } = options;
  return {
    form: options.promptForm,
    seed: options.seed,
    // Without a given number a run gets a random one that no other run is likely to have.
    ...(bustCache !== undefined && { bustCache: bustCache === true ? randomInt(2 ** 32) : bustCache }),
    inputLen: options.randomInputLen,
    outputLen: options.randomOutputLen,
    rangeRatio: options.randomRangeRatio,
    prefixLen: options.randomPrefixLen,
    path(orName = false) {
      if (datasetPath !== undefined) return pathOf(resolve(cwd, datasetPath), datasetPath, orName);
      throw new SweeplineError('USAGE', `${datasetName} needs --dataset-path`);
    },
  };
}

function pathOf(path: string, given: string, orName: boolean): string {
  return orName && !existsSync(path) ? given : path;
}
