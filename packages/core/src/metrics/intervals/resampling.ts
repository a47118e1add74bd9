import { Mt19937 } from '../../load/prompts/mt19937.js';
import type { RunRecord } from '../../load/records/record.js';
import { concurrencyOf, meanConcurrency } from '../concurrency.js';
import { completedOf } from '../request.js';
import { percentile } from '../statistics.js';
import { blocksOf, MIN_BLOCKS, type Blocks } from './blocks.js';
import type { Estimator } from './estimators.js';
import { expandedLevels } from './levels.js';

/** How 95 % intervals of a run's numbers are found: by resampling blocks of its requests. */
export interface ResamplingFacts {
  readonly level: 0.95;
  readonly method: string;
  /** Which variation they include. */
  readonly covers: string;
  /** Why they may be too narrow. */
  readonly caution?: string;
  readonly requests: number;
  readonly blocks: number;
  readonly resamples: number;
  readonly seed: number;
}

/** Low and high ends by the key of the raw result. */
export type Ends = Readonly<Record<string, readonly [number, number]>>;

/** What a metric estimates from a resample of blocks. */
export type EstimatorsOf = (blocks: Blocks, run: RunRecord) => readonly Estimator[];

/** A run's resamples: the same for each metric, so that an interval doesn't depend on which others there are. */
export interface Resampling {
  readonly facts: ResamplingFacts;
  endsOf(estimatorsOf: EstimatorsOf): Ends;
}

/** There are too few requests for intervals. */
export interface NoResampling {
  readonly reason: string;
}

export interface ResamplingOptions {
  readonly seed?: number;
  readonly resamples?: number;
}

const METHOD =
  'bootstrap of consecutive blocks of requests in order of sending; expanded percentile interval';
const COVERS =
  'this run only: how much its numbers scatter by chance within it, not how much they change from one start of the server to the next; repeat runs to see that';

const FEW_BLOCKS =
  "so few blocks don't show how far requests depend on each other; if they do, these intervals are too narrow, and more requests are needed";

/** The same run and seed give the same intervals. Returns a reason if there are too few requests. */
export function resamplingOf(
  run: RunRecord,
  { seed = 0, resamples = 1000 }: ResamplingOptions = {},
): Resampling | NoResampling {
  const completed = completedOf(run);
  const inFlight = meanConcurrency(concurrencyOf(run.requests), run.window) ?? 1;
  const blocks = blocksOf(completed, inFlight);
  if (blocks === undefined)
    return { reason: `${completed.length} requests completed; intervals need ${2 * MIN_BLOCKS}` };
  const weights = weightsOf(blocks.length, resamples, seed);
  return {
    facts: {
      level: 0.95,
      method: METHOD,
      covers: COVERS,
      ...(blocks.length < 2 * MIN_BLOCKS && { caution: FEW_BLOCKS }),
      requests: completed.length,
      blocks: blocks.length,
      resamples,
      seed,
    },
    endsOf: (estimatorsOf) => ends(estimatorsOf(blocks, run), weights, expandedLevels(blocks.length)),
  };
}

const stored = new WeakMap<RunRecord, ReturnType<typeof resamplingOf>>();

/** The default result of `resamplingOf`, made once per run, as several metrics use it. */
export function storedResamplingOf(run: RunRecord): ReturnType<typeof resamplingOf> {
  const known = stored.get(run);
  if (known !== undefined) return known;
  const resampling = resamplingOf(run);
  stored.set(run, resampling);
  return resampling;
}

/** For each resample, how often it contains each block. */
function weightsOf(blocks: number, resamples: number, seed: number): readonly Int32Array[] {
  const random = new Mt19937(seed);
  return Array.from({ length: resamples }, () => {
    const weights = new Int32Array(blocks);
    for (let draw = 0; draw < blocks; draw++) {
      const block = random.integer(0, blocks);
      weights[block] = (weights[block] ?? 0) + 1;
    }
    return weights;
  });
}

function ends(
  estimators: readonly Estimator[],
  resamples: readonly Int32Array[],
  [low, high]: readonly [number, number],
): Ends {
  const estimates = new Map<string, number[]>();
  for (const weights of resamples) {
    for (const estimator of estimators) {
      estimator.of(weights).forEach((value, k) => {
        // A resample may have no samples, or no time.
        if (value === undefined || !Number.isFinite(value)) return;
        const key = estimator.keys[k] ?? '';
        const values = estimates.get(key);
        if (values === undefined) estimates.set(key, [value]);
        else values.push(value);
      });
    }
  }
  return Object.fromEntries(
    [...estimates].map(([key, values]) => [
      key,
      [percentile(values, low) ?? 0, percentile(values, high) ?? 0],
    ]),
  );
}
