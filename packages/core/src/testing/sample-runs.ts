import type { EnergyRecord, RequestRecord, RunRecord } from '../load/records/record.js';

/** A completed request of six tokens in four chunks, sent at 100 ms. */
function request(index: number, overrides: Partial<RequestRecord> = {}): RequestRecord {
  return {
    index,
    state: 'completed',
    scheduledMs: 100,
    sentMs: 100,
    firstByteMs: 149,
    firstContentMs: 160,
    lastContentMs: 350,
    doneMs: 400,
    chunkMs: Float64Array.from([150, 160, 200, 350 + index]),
    promptTokens: 10,
    serverPromptTokens: 11,
    requestedOutputTokens: 6,
    outputTokens: 6,
    finishReason: 'length',
    ...overrides,
  };
}

function failed(index: number): RequestRecord {
  return {
    index,
    state: 'failed',
    scheduledMs: 0,
    chunkMs: [],
    requestedOutputTokens: 6,
    error: { code: 'http-500', message: 'out of memory' },
  };
}

function runOf(requests: readonly RequestRecord[]): RunRecord {
  return {
    spec: {
      schema: 'sweepline.load/1',
      endpoint: { baseUrl: 'http://127.0.0.1:1', api: 'completions' },
      model: 'sample',
      prompts: { kind: 'random', form: 'auto', inputLen: 10, outputLen: 6, rangeRatio: 1, seed: 0 },
      arrival: { pattern: 'closed-loop', concurrency: 2 },
      numPrompts: Math.max(1, requests.length),
      numWarmups: 0,
      ignoreEos: true,
      temperature: 0,
      connections: 'per-request',
      timeouts: { connectS: 1, requestS: 1 },
      output: { recordsFile: 'records.jsonl' },
    },
    originUnixMs: Date.UTC(2026, 1, 3, 4, 5, 6),
    window: requests.length === 0 ? { startMs: 0, endMs: 0 } : { startMs: 100, endMs: 2100 },
    requests,
    warmups: { completed: 0, failed: 0 },
    client: { name: 'sweepline-load 0', peakInFlight: 2, sendLagMs: { mean: 0.1, max: 1 } },
    complete: true,
  };
}

const ENERGY: EnergyRecord = {
  valid: true,
  reasons: [],
  source: 'sample: board',
  devices: [{ node: 'node_0', device: 0, role: 'server', samples: 4, maxGapS: 1, energyJ: 1200 }],
};

/** Runs that every metric must take, by their special property. */
export function sampleRuns(): Readonly<Record<string, RunRecord>> {
  const [one, other] = [request(0), request(1, { sentMs: 300, scheduledMs: 200, doneMs: 2100 })];
  const noUsage = {
    ...request(1),
    outputTokens: undefined,
    serverPromptTokens: undefined,
  } as unknown as RequestRecord;
  return {
    'of several requests': runOf([one, other, request(2, { outputTokens: 1, chunkMs: [150] })]),
    'of one request': runOf([one]),
    'without requests': runOf([]),
    'with failed requests': runOf([one, failed(1), other]),
    'whose requests all failed': runOf([failed(0), failed(1)]),
    'without usage': runOf([one, noUsage]),
    'of devices whose energy is known': { ...runOf([one, other]), energy: ENERGY },
    'without chunks': runOf([request(0, { chunkMs: [] }), other]),
  };
}
