import { Option, type Command } from 'commander';
import { SweeplineError } from '../../errors.js';
import type { Arrival } from '../../load/arrival/index.js';
import { positive, positiveInteger, rate } from '../options.js';
import type { Dataset } from './dataset.js';

const PATTERNS = ['closed-loop', 'constant', 'poisson', 'gamma', 'ramp', 'replay'] as const;

export interface ArrivalOptions {
  readonly arrival?: (typeof PATTERNS)[number];
  readonly maxConcurrency?: number;
  readonly requestRate: number;
  readonly burstiness: number;
  readonly rampFrom: number;
  readonly rampSeconds?: number;
  readonly replaySpeed: number;
  readonly seed: number;
}

export function addArrivalOptions(command: Command): Command {
  return command
    .optionsGroup('When they are sent:')
    .option('--max-concurrency <n>', 'requests in flight at most; default: all at once', positiveInteger)
    .addOption(
      new Option('--request-rate <rate>', 'requests a second; inf: as soon as there are free slots')
        .argParser(rate)
        .default(Infinity, 'inf'),
    )
    .option('--burstiness <shape>', 'gamma: shape of the gaps; 1: a Poisson process', positive, 1)
    .addOption(
      new Option(
        '--arrival <pattern>',
        'default: gamma at a --request-rate, replay of a mooncake trace, else closed-loop',
      ).choices(PATTERNS),
    )
    .option('--ramp-from <rate>', 'ramp: requests a second at first; --request-rate later', rateOrNone, 0)
    .option('--ramp-seconds <s>', 'ramp: how long the rate takes to get there', positive)
    .option('--replay-speed <factor>', 'replay: 2 is twice as fast as recorded', positive, 1);
}

/** @throws {SweeplineError} USAGE when options don't fit one another. */
export function arrivalOf(options: ArrivalOptions, dataset: Dataset): Arrival {
  const { seed, maxConcurrency } = options;
  const limit = maxConcurrency === undefined ? {} : { concurrency: maxConcurrency };
  const pattern = options.arrival ?? defaultPattern(options, dataset);
  checkFit(pattern, options);
  switch (pattern) {
    case 'closed-loop':
      return { pattern, concurrency: maxConcurrency ?? dataset.numPrompts };
    case 'constant':
      return { pattern, rate: finiteRate(options, pattern), ...limit };
    case 'poisson':
      return { pattern, rate: finiteRate(options, pattern), seed, ...limit };
    case 'gamma':
      return { pattern, rate: finiteRate(options, pattern), burstiness: options.burstiness, seed, ...limit };
    case 'ramp':
      if (options.rampSeconds === undefined) throw usage('--arrival ramp needs --ramp-seconds');
      return {
        pattern,
        from: options.rampFrom,
        to: finiteRate(options, pattern),
        durationS: options.rampSeconds,
        ...limit,
      };
    case 'replay':
      return { pattern, timesMs: timesOf(dataset), speed: options.replaySpeed, ...limit };
  }
}

/** An option that would change nothing is a misunderstanding; the original's --burstiness stands beside any rate. */
function checkFit(
  pattern: Arrival['pattern'],
  { requestRate, rampSeconds, replaySpeed }: ArrivalOptions,
): void {
  if (requestRate !== Infinity) {
    if (pattern === 'closed-loop') throw usage('a closed loop has no --request-rate');
    if (pattern === 'replay') throw usage('a replay has no --request-rate, but a --replay-speed');
  }
  if (rampSeconds !== undefined && pattern !== 'ramp') throw usage('--ramp-seconds is of --arrival ramp');
  if (replaySpeed !== 1 && pattern !== 'replay') throw usage('--replay-speed is of --arrival replay');
}

function defaultPattern({ requestRate }: ArrivalOptions, { timesMs }: Dataset): Arrival['pattern'] {
  if (requestRate !== Infinity) return 'gamma';
  return timesMs === undefined ? 'closed-loop' : 'replay';
}

function finiteRate({ requestRate }: ArrivalOptions, pattern: string): number {
  if (requestRate !== Infinity) return requestRate;
  throw usage(`--arrival ${pattern} needs a --request-rate`);
}

function timesOf({ timesMs }: Dataset): number[] {
  if (timesMs !== undefined) return [...timesMs];
  throw usage('--arrival replay needs --dataset-name mooncake with a trace that has timestamps');
}

function rateOrNone(text: string): number {
  return text === '0' ? 0 : positive(text);
}

function usage(message: string): SweeplineError {
  return new SweeplineError('USAGE', message);
}
