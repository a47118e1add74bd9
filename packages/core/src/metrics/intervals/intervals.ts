import { Mt19937 } from '../../load/prompts/mt19937.js';
import type { RequestRecord, RunRecord } from '../../load/records/record.js';
import { arrivalsBetween } from '../arrivals.js';
import { concurrencyOf, meanConcurrency } from '../concurrency.js';
import { completedOf, e2elMs, gapsMs, numbersOf, tpotMs, ttftMs } from '../request.js';
import { percentile } from '../statistics.js';
import { blocksOf, MIN_BLOCKS, type Blocks } from './blocks.js';
import { latency, ratio, type Estimator } from './estimators.js';
import { expandedLevels } from './levels.js';

/** 95 % intervals of a run's numbers by resampling blocks of its requests. */
export interface Intervals {
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
  /** Low and high ends by the key of the raw result. */
  readonly values: Readonly<Record<string, readonly [number, number]>>;
}

export interface IntervalOptions {
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
export function intervalsOf(
  run: RunRecord,
  { seed = 0, resamples = 1000 }: IntervalOptions = {},
): Intervals | { readonly reason: string } {
  const completed = completedOf(run);
  const inFlight = meanConcurrency(concurrencyOf(run.requests), run.window) ?? 1;
  const blocks = blocksOf(completed, inFlight);
  if (blocks === undefined)
    return { reason: `${completed.length} requests completed; intervals need ${2 * MIN_BLOCKS}` };
  return {
    level: 0.95,
    method: METHOD,
    covers: COVERS,
    ...(blocks.length < 2 * MIN_BLOCKS && { caution: FEW_BLOCKS }),
    requests: completed.length,
    blocks: blocks.length,
    resamples,
    seed,
    values: resampled(estimatorsOf(run, blocks), blocks.length, resamples, seed),
  };
}

const stored = new WeakMap<RunRecord, ReturnType<typeof intervalsOf>>();

/** The default result of `intervalsOf`, computed once per run, as several metrics use it. */
export function storedIntervalsOf(run: RunRecord): ReturnType<typeof intervalsOf> {
  const known = stored.get(run);
  if (known !== undefined) return known;
  const intervals = intervalsOf(run);
  stored.set(run, intervals);
  return intervals;
}

function estimatorsOf(run: RunRecord, blocks: Blocks): Estimator[] {
  const each = (of: (request: RequestRecord) => number | undefined) => (block: readonly RequestRecord[]) =>
    numbersOf(block, of);
  return [
    ...throughputs(run, blocks),
    ...latency('ttft', blocks, each(ttftMs)),
    ...latency('tpot', blocks, each(tpotMs)),
    ...latency('itl', blocks, gapsMs),
    ...latency('e2el', blocks, each(e2elMs)),
  ];
}

/** Totals from when a block's first request was sent until the next block's was, divided by the time between. */
function throughputs(run: RunRecord, blocks: Blocks): Estimator[] {
  const starts = blocks.slice(1).map(([first]) => first?.sentMs ?? run.window.endMs);
  const borders = Float64Array.of(run.window.startMs, ...starts, run.window.endMs);
  const seconds = Float64Array.from(blocks, (_, i) => ((borders[i + 1] ?? 0) - (borders[i] ?? 0)) / 1000);
  const arrived = arrivalsBetween(completedOf(run), borders);
  const { outputTokens, inputTokens } = arrived;
  const rates = [ratio('request_throughput', arrived.completed, seconds)];
  if (outputTokens !== undefined) {
    rates.push(ratio('output_throughput', outputTokens, seconds));
    if (inputTokens !== undefined) {
      const tokens = outputTokens.map((output, i) => output + (inputTokens[i] ?? 0));
      rates.push(ratio('total_token_throughput', tokens, seconds));
    }
  }
  return rates;
}

function resampled(
  estimators: readonly Estimator[],
  blocks: number,
  resamples: number,
  seed: number,
): Intervals['values'] {
  const random = new Mt19937(seed);
  const estimates = new Map<string, number[]>();
  for (let i = 0; i < resamples; i++) {
    const weights = new Int32Array(blocks);
    for (let draw = 0; draw < blocks; draw++) {
      const block = random.integer(0, blocks);
      weights[block] = (weights[block] ?? 0) + 1;
    }
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
  const [low, high] = expandedLevels(blocks);
  return Object.fromEntries(
    [...estimates].map(([key, values]) => [
      key,
      [percentile(values, low) ?? 0, percentile(values, high) ?? 0],
    ]),
  );
}
