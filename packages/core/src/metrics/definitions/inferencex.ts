import type { RequestRecord } from '../../load/records/record.js';
import { completedOf, e2elMs, inputTokens } from '../request.js';
import { NO_INPUT_COUNT, usageApart } from './content.js';
import { NO_REQUEST, Report, type Definition } from './definition.js';
import { reportServing, SERVING_HEADLINES } from './serving.js';

/**
 * The numbers of benchmark_serving.py, including its mistakes: a response without usage, or with usage in a chunk with text, has
 * 0 output tokens (the fallback to a tokenizer tests for None, but the default is 0); a chat request ends with its usage chunk;
 * and the key of goodput has a colon.
 */
export const inferencex: Definition = {
  name: 'inferencex',
  source: 'InferenceX of February 2026 (az9713/InferenceX 7ee5be733d02), utils/bench_serving',
  headlines: SERVING_HEADLINES,
  recompute(run) {
    const report = new Report(run);
    const chat = run.spec.endpoint.api === 'chat';
    const outputTokens = (request: RequestRecord) =>
      usageApart(request, run) ? (request.outputTokens ?? 0) : 0;
    reportServing(report, run, {
      inputTokens,
      // backend_request_func.py:40, :308-310, :407-409 and benchmark_serving.py:238.
      outputTokens,
      latencyMs: chat ? chatLatencyMs : e2elMs,
      goodputKey: 'request_goodput:',
      source: `benchmark_serving.py:216-321; backend_request_func.py:${chat ? '388-415' : '282-319'}`,
      reasons: {
        input: NO_INPUT_COUNT,
        output: NO_REQUEST,
      },
    });
    report.note(
      completedOf(run).some((request) => outputTokens(request) === 0),
      'Responses without usage, or with usage in a chunk with text, count as 0 output tokens.',
    );
    report.notes.push(
      "Its own client opens a connection within each TTFT (backend_request_func.py:243, :270) and adds its own delays; this client's records have neither.",
    );
    return report;
  },
};

/** backend_request_func.py:411: any chunk moves the end, even one with only the usage. */
function chatLatencyMs(request: RequestRecord): number | undefined {
  const { sentMs, usageMs } = request;
  return sentMs === undefined || usageMs === undefined ? e2elMs(request) : usageMs - sentMs;
}
