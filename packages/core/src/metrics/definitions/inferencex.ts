import type { RequestRecord } from '../../load/record.js';
import { completedOf, e2elMs, inputTokens } from '../request.js';
import { NO_INPUT_COUNT } from './content.js';
import { Report, type Definition } from './definition.js';
import { reportServing, SERVING_HEADLINES } from './serving.js';

/**
 * benchmark_serving.py's numbers, its mistakes included: a response without usage has 0 output tokens (the fallback to a tokenizer asks for
 * None, the default is 0), a chat request ends with its usage chunk, and the key of goodput has a colon.
 */
export const inferencex: Definition = {
  name: 'inferencex',
  source: 'InferenceX of February 2026 (az9713/InferenceX 7ee5be733d02), utils/bench_serving',
  headlines: SERVING_HEADLINES,
  recompute(run) {
    const report = new Report();
    const chat = run.spec.endpoint.api === 'chat';
    reportServing(report, run, {
      inputTokens,
      // backend_request_func.py:40 and benchmark_serving.py:238.
      outputTokens: ({ outputTokens }) => outputTokens ?? 0,
      latencyMs: chat ? chatLatencyMs : e2elMs,
      goodputKey: 'request_goodput:',
      source: `benchmark_serving.py:216-330; backend_request_func.py:${chat ? '388-415' : '282-319'}`,
      reasons: {
        input: NO_INPUT_COUNT,
        output: 'no request completed',
        latency: 'a chat request ends with its usage chunk, whose arrival the records do not have',
      },
    });
    report.note(
      completedOf(run).some(({ outputTokens }) => outputTokens === undefined),
      'Responses without usage count as 0 output tokens.',
    );
    report.notes.push(
      'Its own client opens a connection within each TTFT (backend_request_func.py:243, :270) and adds its own delays; records of this client have neither.',
    );
    return report;
  },
};

/** backend_request_func.py:411: any chunk moves the end, that with the usage alone, too. */
function chatLatencyMs(request: RequestRecord): number | undefined {
  if (request.outputTokens === undefined) return e2elMs(request);
  const { sentMs, usageMs } = request;
  return sentMs === undefined || usageMs === undefined ? undefined : usageMs - sentMs;
}
