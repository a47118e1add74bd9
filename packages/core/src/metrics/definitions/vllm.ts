import type { RunRecord } from '../../load/record.js';
import { concurrencyOf, peakConcurrency } from '../concurrency.js';
import { completedOf, e2elMs, inputTokens } from '../request.js';
import { countedTokens, NO_INPUT_COUNT, NO_USAGE, once } from './content.js';
import { Report, type Definition } from './definition.js';
import { reportServing, SERVING_HEADLINES } from './serving.js';

const SERVE = 'vllm/benchmarks/serve.py, calculate_metrics';

/** `vllm bench serve`. Output tokens are the usage's; where it is missing or 0, those of the text. */
export const vllm: Definition = {
  name: 'vllm',
  source:
    'vllm bench serve (vllm-project/vllm: serve.py at 009e6d4a1cd6, lib/endpoint_request_func.py at 02cfb534df56)',
  headlines: SERVING_HEADLINES,
  recompute(run, tools) {
    const report = new Report();
    reportServing(report, run, {
      inputTokens: (request) => request.serverPromptTokens ?? inputTokens(request),
      outputTokens: once((request) => request.outputTokens || countedTokens(request, tools)),
      latencyMs: e2elMs,
      goodputKey: 'request_goodput',
      source: `${SERVE}; lib/endpoint_request_func.py, async_request_openai_completions and _chat_completions`,
      reasons: { input: NO_INPUT_COUNT, output: NO_USAGE, latency: 'no request completed' },
    });
    report.add('failed', '', run.requests.length - completedOf(run).length, SERVE);
    report.add('max_output_tokens_per_s', 'tok/s', busiestSecond(run), SERVE);
    report.add('max_concurrent_requests', '', mostAtOnce(run), SERVE);
    report.notes.push('max_output_tokens_per_s counts chunks, however many tokens they hold.');
    return report;
  },
};

/** Most chunks in a second, counted in whole seconds from when the first completed request was sent. */
function busiestSecond(run: RunRecord): number | undefined {
  const completed = completedOf(run);
  const start = completed.reduce((least, { sentMs }) => Math.min(least, sentMs ?? Infinity), Infinity);
  const seconds = new Map<number, number>();
  for (const { chunkMs } of completed) {
    for (let i = 0; i < chunkMs.length; i++) {
      const second = Math.floor(((chunkMs[i] ?? 0) - start) / 1000);
      seconds.set(second, (seconds.get(second) ?? 0) + 1);
    }
  }
  return completed.length === 0 ? undefined : [...seconds.values()].reduce((a, b) => Math.max(a, b), 0);
}

/** A request is in flight until its last chunk; one that ends when another starts is not in flight with it. */
function mostAtOnce(run: RunRecord): number | undefined {
  const untilLastChunk = completedOf(run).map((request) => ({
    ...request,
    doneMs: request.chunkMs[request.chunkMs.length - 1],
  }));
  return untilLastChunk.length === 0 ? undefined : peakConcurrency(concurrencyOf(untilLastChunk));
}
