import type { RequestRecord, RunRecord } from '../../src/load/records/record.js';

/** A completed request sent at 100 ms with chunks at the given times. */
export function request(overrides: Partial<RequestRecord> = {}): RequestRecord {
  return {
    index: 0,
    state: 'completed',
    scheduledMs: 100,
    sentMs: 100,
    firstContentMs: 160,
    doneMs: 400,
    chunkMs: [150, 160, 200, 350],
    promptTokens: 10,
    serverPromptTokens: 11,
    requestedOutputTokens: 6,
    outputTokens: 6,
    ...overrides,
  };
}

export function failed(overrides: Partial<RequestRecord> = {}): RequestRecord {
  return { index: 9, state: 'failed', scheduledMs: 0, chunkMs: [], requestedOutputTokens: 6, ...overrides };
}

/** A run over two seconds. */
export function runOf(requests: readonly RequestRecord[], overrides: Partial<RunRecord> = {}): RunRecord {
  return {
    spec: {
      schema: 'sweepline.load/1',
      endpoint: { baseUrl: 'http://localhost:1', api: 'completions' },
      model: 'served',
      prompts: { kind: 'random', form: 'auto', inputLen: 10, outputLen: 6, rangeRatio: 1, seed: 0 },
      arrival: { pattern: 'closed-loop', concurrency: 2 },
      numPrompts: requests.length,
      numWarmups: 0,
      ignoreEos: true,
      temperature: 0,
      connections: 'per-request',
      timeouts: { connectS: 1, requestS: 1 },
      output: { recordsFile: 'records.jsonl' },
    },
    originUnixMs: Date.UTC(2026, 1, 3, 4, 5, 6),
    window: { startMs: 0, endMs: 2000 },
    requests,
    warmups: { completed: 0, failed: 0 },
    client: {
      name: 'sweepline-load 0',
      peakInFlight: 2,
      sendLagMs: { mean: 0.1, max: 1 },
      eventLoopLagMs: { mean: 0.1, p99: 1, max: 2 },
      cpuS: 0.5,
    },
    complete: true,
    ...overrides,
  };
}
