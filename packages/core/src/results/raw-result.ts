import { patternOf } from '../load/arrival/index.js';
import type { ApiName } from '../load/client/codecs/names.js';
import type { RunRecord } from '../load/records/record.js';
import { caveatsOf } from '../metrics/caveats.js';
import type { Metrics } from '../metrics/compute.js';
import { deliveredOf } from '../metrics/delivered.js';
import { errorsOf } from '../metrics/failures.js';
import { marksOf } from '../metrics/marks.js';
import { intervalsOf } from '../metrics/intervals/intervals.js';
import type { RAW_KEYS } from '../plugin/row-keys.js';
import { steadyWindowOf } from '../metrics/steady-window.js';

type RawKey = (typeof RAW_KEYS)[number];

/** JSON object with the keys of benchmark_serving.py's result file, in its units (ms, s, tokens/s). */
export type RawResult = Readonly<Record<string, unknown>>;

export interface RawResultInput {
  readonly run: RunRecord;
  /** Values from metric plugins, by output key. */
  readonly values: Readonly<Record<string, number>>;
  /** Of these values, by output key. */
  readonly intervals: Metrics['intervals'];
  /** The model as the matrix entry names it. */
  readonly modelId: string;
  /** Absent if prompts were made without a tokenizer. */
  readonly tokenizerId?: string;
  /** Anything else to keep, in addition to the facts about the run itself. */
  readonly extras?: Readonly<Record<string, unknown>>;
}

/** The names that benchmark_serving.py gives its clients, by API; it has none for SGLang's own API. */
const BACKENDS: Readonly<Record<ApiName, string>> = {
  completions: 'openai',
  chat: 'openai-chat',
  trtllm: 'tensorrt-llm',
  sglang: 'sglang',
};

/**
 * Numbers are at the top level, with the keys of their metrics. Other members that the original does not have are nested in
 * `sweepline`.
 */
export function rawResult({
  run,
  values,
  intervals,
  modelId,
  tokenizerId,
  extras,
}: RawResultInput): RawResult {
  return {
    date: compactDate(run.originUnixMs + run.window.endMs),
    backend: BACKENDS[run.spec.endpoint.api],
    model_id: modelId,
    tokenizer_id: tokenizerId ?? null,
    best_of: 1,
    num_prompts: deliveredOf(run).offered,
    ...arrivalKeys(run.spec.arrival),
    ...values,
    sweepline: {
      client: run.client,
      complete: run.complete,
      connections: run.connections?.used ?? run.spec.connections,
      ...(run.connections !== undefined && { connectionsReason: run.connections.reason }),
      prompts: run.prompts,
      originUnixMs: run.originUnixMs,
      window: run.window,
      warmups: run.warmups,
      errors: errorsOf(run),
      marks: marksOf(run),
      caveats: caveatsOf(run),
      steadyWindow: steadyWindowOf(run),
      intervals: intervalsOf(run, intervals),
      ...(run.energy !== undefined && { energy: run.energy }),
      ...extras,
    },
  } satisfies Readonly<Record<RawKey, unknown>>;
}

/** For the original, a closed loop has an infinite rate; patterns that it doesn't have are named. */
function arrivalKeys(
  arrival: RunRecord['spec']['arrival'],
): Readonly<Record<'request_rate' | 'burstiness' | 'max_concurrency', unknown>> {
  const pattern = patternOf(arrival);
  return {
    request_rate: finiteOr('inf', pattern.rate?.(arrival) ?? pattern.name),
    burstiness: finiteOr('inf', pattern.burstiness?.(arrival) ?? 1),
    max_concurrency: arrival.concurrency ?? null,
  };
}

function finiteOr(name: string, value: number | string): number | string {
  return value === Infinity ? name : value;
}

/** `YYYYMMDD-HHMMSS`, UTC. */
function compactDate(unixMs: number): string {
  return new Date(unixMs).toISOString().slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-');
}
