import { z } from 'zod';
import { SweeplineError } from '../../errors.js';
import { Mt19937 } from '../prompts/mt19937.js';
import { positive, type Flags } from '../spec/flags.js';
import type { Scheduled } from './arrival.js';
import { limitOf, withoutRate } from './bench-rate.js';
import { burstinessFlag, gammaSample, scheduleSeed } from './gamma.js';
import { rate, scheduled } from './schedule.js';

const STRATEGIES = ['linear', 'exponential'] as const;

const schema = z.strictObject({
  pattern: z.literal('ramp-up'),
  strategy: z.enum(STRATEGIES).describe('How the rate grows from one request to the next.'),
  startRps: rate.describe('Requests per second at the first request.'),
  endRps: rate.describe('Requests per second at the last one.'),
  requests: z.number().int().positive().describe('Requests from the one to the other.'),
  burstiness: z.number().positive().describe('Shape of the gaps: 1 is a Poisson process.').default(1),
  seed: scheduleSeed,
  ...scheduled,
});

const flags = {
  rampUpStrategy: {
    takes: '<strategy>',
    help: 'the rate grows over all requests: linear or exponential',
    parse: (text: string) => {
      const strategy = STRATEGIES.find((known) => known === text);
      if (strategy !== undefined) return strategy;
      throw new Error(`expected ${STRATEGIES.join(' or ')}`);
    },
    only: true,
  },
  rampUpStartRps: {
    takes: '<rate>',
    help: 'ramp-up: requests per second at first',
    parse: positive,
    only: true,
  },
  rampUpEndRps: {
    takes: '<rate>',
    help: 'ramp-up: requests per second at last',
    parse: positive,
    only: true,
  },
  burstiness: burstinessFlag,
} satisfies Flags;

/**
 * A rate that grows from request to request: linearly, or by a constant factor. Source: `get_request` and
 * `_get_current_request_rate` of vLLM's benchmark client (vllm/benchmarks/serve.py). Plotted over time, the linear one is not a
 * straight line; that of `ramp` is.
 */
export const rampUp: Scheduled<typeof schema, typeof flags> = {
  name: 'ramp-up',
  schema,
  schedule: rampUpTimes,
  isRamp: true,
  burstiness: (arrival) => arrival.burstiness,
  bench: {
    flags,
    toSpec(options) {
      withoutRate(
        options,
        '--ramp-up-strategy takes --ramp-up-start-rps and --ramp-up-end-rps, not --request-rate',
      );
      const { rampUpStrategy: strategy, rampUpStartRps: startRps, rampUpEndRps: endRps } = options;
      if (strategy === undefined || startRps === undefined || endRps === undefined) {
        throw new SweeplineError(
          'USAGE',
          'a ramp-up needs --ramp-up-strategy, --ramp-up-start-rps and --ramp-up-end-rps',
        );
      }
      if (startRps > endRps)
        throw new SweeplineError(
          'USAGE',
          `--ramp-up-start-rps ${startRps} is above --ramp-up-end-rps ${endRps}`,
          {
            hint: '--arrival ramp also takes a rate that falls',
          },
        );
      const { numPrompts: requests, burstiness, seed } = options;
      return {
        pattern: 'ramp-up',
        strategy,
        startRps,
        endRps,
        requests,
        burstiness,
        seed,
        ...limitOf(options),
      };
    },
  },
};

type RampUp = z.output<typeof schema>;

/** Times of a schedule, ms, from 0; the gap before a request follows from the rate at that request. */
export function rampUpTimes(arrival: RampUp, count: number): (index: number) => number {
  const { burstiness, seed } = arrival;
  const random = new Mt19937(seed);
  const uniform = (): number => (random.uint32() + 0.5) / 2 ** 32;
  const times = new Float64Array(count);
  for (let index = 1; index < count; index++) {
    const gapS = gammaSample(burstiness, uniform) / (rateOf(arrival, index) * burstiness);
    times[index] = times[index - 1]! + gapS * 1000;
  }
  return (index) => times[index] ?? 0;
}

/** Requests per second at a request; constant after the last one of the ramp. */
function rateOf({ strategy, startRps, endRps, requests }: RampUp, index: number): number {
  const progress = Math.min(1, index / Math.max(1, requests - 1));
  return strategy === 'linear'
    ? startRps + (endRps - startRps) * progress
    : startRps * (endRps / startRps) ** progress;
}
