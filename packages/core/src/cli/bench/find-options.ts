import { InvalidArgumentError, Option, type Command } from 'commander';
import { SweeplineError } from '../../errors.js';
import type { Quantity } from '../../bench/find-max-rate/find.js';
import type { BenchArguments, BenchOptions } from '../../bench/options.js';
import type { Limits, Objective } from '../../bench/find-max-rate/objectives.js';
import { ratio } from '../options.js';
import { seconds } from './seconds.js';

/** What `--slo` sets: limits that each request must keep together, and limits of percentiles. */
export interface Slo {
  readonly together: Limits;
  readonly alone: readonly Objective[];
}

/** Options of a search, listed among those of a bench. */
export interface FindFlags {
  readonly findMaxRate?: true;
  readonly findMaxConcurrency?: true;
  readonly slo?: Slo;
  readonly sloShare: number;
  readonly precision: number;
  readonly probeLimit: number;
  readonly searchLimit: number;
}

const LIMITS: Readonly<Record<string, keyof Limits>> = { ttft: 'ttftMs', tpot: 'tpotMs', e2el: 'e2elMs' };
const EXAMPLE = 'such as ttft:500,tpot:50 or p95-ttft:500';

export function addFindOptions(command: Command): Command {
  return command
    .optionsGroup('Find the highest load that meets the objectives (docs/max-rate.md):')
    .addOption(
      new Option('--find-max-rate', 'find the highest request rate; --request-rate is tried first').conflicts(
        'findMaxConcurrency',
      ),
    )
    .option(
      '--find-max-concurrency',
      'find the highest number of requests in flight; --max-concurrency is tried first',
    )
    .option(
      '--slo <name:ms...>',
      'objectives in ms for ttft, tpot and e2el, which --slo-share of requests must all keep; p95-ttft:500 sets a limit for a percentile',
      slo,
    )
    .option('--slo-share <share>', 'share of requests that must keep all objectives', shareBelowOne, 0.99)
    .option(
      '--precision <share>',
      'the highest ratio between the load that fails and the one that holds',
      precision,
      0.1,
    )
    .option('--probe-limit <s>', 'longest duration of a probe in seconds', seconds, 300)
    .option('--search-limit <s>', 'longest duration of the search in seconds', seconds, 1800);
}

/** `ttft:500`, `p95-tpot:50`: one of several; they may also be separated by commas. */
export function slo(text: string, before: Slo = { together: {}, alone: [] }): Slo {
  return text.split(',').reduce((found, part) => {
    const [, percentile, name = '', limit = ''] =
      /^(?:p(\d+(?:\.\d+)?)[-_])?([a-z0-9]+):(.+)$/.exec(part.trim()) ?? [];
    const key = LIMITS[name];
    const ms = Number(limit);
    if (key === undefined || !(ms > 0 && ms < Infinity)) {
      throw new InvalidArgumentError(`expected ttft, tpot or e2el with ms above 0, ${EXAMPLE}`);
    }
    if (percentile === undefined) return { ...found, together: { ...found.together, [key]: ms } };
    const share = Number(percentile) / 100;
    if (!(share > 0 && share < 1))
      throw new InvalidArgumentError('expected a percentile above 0 and below 100');
    return { ...found, alone: [...found.alone, { share, limits: { [key]: ms } }] };
  }, before);
}

function shareBelowOne(text: string): number {
  const value = ratio(text);
  if (value > 0 && value < 1) return value;
  throw new InvalidArgumentError('expected a share above 0 and below 1, such as 0.99');
}

function precision(text: string): number {
  const value = Number(text);
  if (value >= 0.01 && value <= 1) return value;
  throw new InvalidArgumentError('expected 0.01 to 1: 0.1 is 10 %');
}

/** What to search for, and with which load. */
export interface SearchArguments extends FindFlags {
  readonly quantity: Quantity;
  readonly objectives: readonly Objective[];
  readonly options: BenchOptions;
}

/**
 * The search that arguments ask for, if any.
 * @throws {SweeplineError} USAGE for options that a search doesn't allow.
 */
export function searchOf(
  args: BenchArguments & Partial<FindFlags>,
  [options, ...others]: readonly BenchOptions[],
): SearchArguments | undefined {
  const flags = args as FindFlags;
  const { findMaxRate, findMaxConcurrency, slo: given } = flags;
  if (!findMaxRate && !findMaxConcurrency) {
    if (given === undefined) return undefined;
    throw usage('--slo needs --find-max-rate or --find-max-concurrency', 'Goodput takes --goodput');
  }
  if (options === undefined || others.length > 0)
    throw usage('a search takes at most one --request-rate and one --max-concurrency');
  checkOptions(args, options, findMaxRate === true);
  return {
    ...flags,
    ...{ quantity: findMaxRate ? 'rate' : 'concurrency', objectives: objectivesOf(flags), options },
  };
}

function objectivesOf({ slo: given, sloShare }: FindFlags): readonly Objective[] {
  const { together = {}, alone = [] } = given ?? {};
  const first = Object.keys(together).length === 0 ? [] : [{ share: sloShare, limits: together }];
  if (first.length + alone.length > 0) return [...first, ...alone];
  throw usage('a search needs --slo', 'Such as --slo ttft:500,tpot:50');
}

/** Arrival patterns with a constant rate. */
const WITH_RATE: readonly string[] = ['gamma', 'poisson', 'constant'];

function checkOptions(args: BenchArguments, options: BenchOptions, isRate: boolean): void {
  const { arrival } = options;
  const patterns = isRate ? WITH_RATE : ['closed-loop'];
  const unfit: readonly (readonly [isGiven: unknown, message: string])[] = [
    [
      arrival !== undefined && !patterns.includes(arrival),
      `a search doesn't work with --arrival ${String(arrival)}; expected ${patterns.join(', ')}`,
    ],
    [!isRate && options.requestRate !== Infinity, '--find-max-concurrency takes no --request-rate'],
    [options.duration, 'a search takes --probe-limit, not --duration'],
    ['numConversations' in options, 'a search takes --num-prompts, not --num-conversations'],
    [options.profile, '--profile works only without a search'],
    [options.keepRecords, 'a search always keeps the records of each probe: leave --keep-records out'],
    [
      options.saveResult ?? options.appendResult,
      'a search always keeps the result of each probe: leave --save-result out',
    ],
    [
      args.csv ?? args.resultsDir,
      'a search prints a table, or JSON with --json: --csv and --results-dir work only without a search',
    ],
  ];
  for (const [isGiven, message] of unfit)
    if (isGiven !== undefined && isGiven !== false) throw usage(message);
}

function usage(message: string, hint?: string): SweeplineError {
  return new SweeplineError('USAGE', message, hint === undefined ? {} : { hint });
}
