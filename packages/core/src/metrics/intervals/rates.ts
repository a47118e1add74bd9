import type { RunRecord } from '../../load/records/record.js';
import { arrivalsBetween } from '../arrivals.js';
import { completedOf } from '../request.js';
import type { Blocks } from './blocks.js';
import { ratio, type Estimator } from './estimators.js';

/** Totals from when a block's first request was sent until the next block's was, divided by the time between. */
export function throughputs(blocks: Blocks, run: RunRecord): readonly Estimator[] {
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
