import type { Scheduler } from '../engine/scheduler.js';
import type { Tally } from './tally.js';

/**
 * Prometheus text. Names, types and meanings are llama-server's (`GET /metrics` in its tools/server/README.md), except `requests_total`,
 * which it doesn't have.
 */
export function renderMetrics(scheduler: Scheduler, tally: Tally): string {
  const { counters, processing, deferred } = scheduler;
  return [
    metric('counter', 'prompt_tokens_total', 'Prompt tokens processed.', counters.promptTokens),
    metric('counter', 'tokens_predicted_total', 'Tokens generated.', counters.completionTokens),
    metric('counter', 'n_decode_total', 'Batches evaluated.', counters.steps),
    metric('gauge', 'requests_processing', 'Requests in a slot.', processing),
    metric('gauge', 'requests_deferred', 'Requests that wait for a slot.', deferred),
    header('counter', 'requests_total', 'Requests ended.'),
    ...Object.entries(tally.ended).map(
      ([state, count]) => `llamacpp:requests_total{state="${state}"} ${count}\n`,
    ),
  ].join('');
}

function metric(type: 'counter' | 'gauge', name: string, help: string, value: number): string {
  return `${header(type, name, help)}llamacpp:${name} ${value}\n`;
}

function header(type: 'counter' | 'gauge', name: string, help: string): string {
  return `# HELP llamacpp:${name} ${help}\n# TYPE llamacpp:${name} ${type}\n`;
}
