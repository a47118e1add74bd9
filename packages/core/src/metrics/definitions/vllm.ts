import type { RequestRecord, RunRecord } from '../../load/records/record.js';
import { completedOf, e2elMs } from '../request.js';
import { countedTokens, NO_INPUT_COUNT, NO_USAGE_CHUNK, once, usageApart } from './content.js';
import { Report, type Definition } from './definition.js';
import { reportServing, SERVING_HEADLINES } from './serving.js';

const SERVE = 'vllm/benchmarks/serve.py';
const REQUESTS = 'vllm/benchmarks/lib/endpoint_request_func.py';

/** `vllm bench serve`. Token counts come from the usage if it arrived in a separate chunk; other output is tokenized. */
export const vllm: Definition = {
  name: 'vllm',
  source: 'vllm bench serve of vLLM 0.32.0',
  headlines: SERVING_HEADLINES,
  recompute(run, tools) {
    const report = new Report(run);
    const chat = run.spec.endpoint.api === 'chat';
    const usage = (request: RequestRecord) => (usageApart(request, run) ? request : undefined);
    reportServing(report, run, {
      inputTokens: (request) => usage(request)?.serverPromptTokens ?? request.promptTokens,
      outputTokens: once((request) => usage(request)?.outputTokens || countedTokens(request, tools)),
      latencyMs: e2elMs,
      goodputKey: 'request_goodput',
      source: `${SERVE}:573-783; ${REQUESTS}:${chat ? '372-473' : '187-298'}`,
      reasons: { input: NO_INPUT_COUNT, output: NO_USAGE_CHUNK },
    });
    report.add('failed', '', run.requests.length - completedOf(run).length, `${SERVE}:678, :746`);
    report.add('max_output_tokens_per_s', 'tok/s', mostChunks(run), `${SERVE}:696-709`);
    report.add('max_concurrent_requests', '', mostRequests(run), `${SERVE}:711-724`);
    report.note(
      chat && completedOf(run).some((request) => !usage(request)?.outputTokens),
      'Without usage, vLLM tokenizes only the answer; the text in the records also includes reasoning.',
    );
    report.notes.push(
      'max_output_tokens_per_s counts chunks, however many tokens they hold.',
      'max_concurrent_requests counts all requests in flight within the same second, even if they did not overlap; vLLM at 009e6d4a1cd6 counts only those that did.',
    );
    return report;
  },
};

/** Most chunks in a second. */
function mostChunks(run: RunRecord): number | undefined {
  return busiestSecond(run, ({ chunkMs }, count) => {
    for (let i = 0; i < chunkMs.length; i++) count(chunkMs[i] ?? 0);
  });
}

/** Most requests that were in flight at some time of the same second, until their last chunk. */
function mostRequests(run: RunRecord): number | undefined {
  return busiestSecond(run, ({ sentMs = 0, chunkMs }, count) => {
    count(sentMs, chunkMs[chunkMs.length - 1]);
  });
}

/**
 * The largest per-second total of a quantity over completed requests; seconds are counted from when the first of them was sent.
 */
function busiestSecond(
  run: RunRecord,
  visit: (request: RequestRecord, count: (fromMs: number, toMs?: number) => void) => void,
): number | undefined {
  const completed = completedOf(run);
  if (completed.length === 0) return undefined;
  const start = completed.reduce((least, { sentMs }) => Math.min(least, sentMs ?? Infinity), Infinity);
  const secondOf = (ms: number) => Math.floor((ms - start) / 1000);
  const counts = new Map<number, number>();
  for (const request of completed) {
    visit(request, (from, to = from) => {
      for (let second = secondOf(from); second <= secondOf(to); second++)
        counts.set(second, (counts.get(second) ?? 0) + 1);
    });
  }
  return [...counts.values()].reduce((a, b) => Math.max(a, b), 0);
}
