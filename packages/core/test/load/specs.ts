import type { LoadSpec } from '../../src/load/spec/spec.js';
import type { FakeServer } from '../../src/testing/index.js';

type Changes = { readonly [K in keyof LoadSpec]?: Partial<LoadSpec[K]> };

/** A small load for a fake server, with some sections partly changed. */
export function specFor(server: Pick<FakeServer, 'url'>, changes: Changes = {}): LoadSpec {
  const base: LoadSpec = {
    schema: 'sweepline.load/1',
    endpoint: { baseUrl: server.url, api: 'completions' },
    model: 'fake-model',
    prompts: {
      kind: 'random',
      form: 'token-ids',
      inputLen: 40,
      outputLen: 10,
      rangeRatio: 0.5,
      seed: 0,
      vocabulary: { first: 0, end: 32_000 },
    },
    arrival: { pattern: 'closed-loop', concurrency: 4 },
    numPrompts: 12,
    numWarmups: 3,
    ignoreEos: true,
    temperature: 0,
    connections: 'per-slot',
    timeouts: { connectS: 20, requestS: 50 },
    output: { recordsFile: 'unused' },
  };
  const merged = Object.entries(changes).map(([key, change]) => {
    const value: unknown = base[key as keyof LoadSpec];
    return [key, typeof value === 'object' ? { ...value, ...(change as object) } : change];
  });
  return { ...base, ...(Object.fromEntries(merged) as Partial<LoadSpec>) };
}

/** Completion requests before the measured ones, with token ids: the probe and the warm-ups. */
export function requestsBefore(spec: LoadSpec): number {
  return 1 + spec.numWarmups;
}
