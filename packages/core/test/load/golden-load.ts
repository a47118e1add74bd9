import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { codecOf } from '../../src/load/client/codecs/index.js';
import { generateLoad } from '../../src/load/run/run-load.js';
import { digestOf } from '../../src/selftest/golden/asked.js';
import { startGoldenServer, type GoldenHooks } from '../../src/selftest/golden/golden-server.js';
import type { GoldenLog, GoldenRequest } from '../../src/selftest/golden/log.js';
import type { GoldenInput } from '../../src/selftest/golden/options.js';
import { goldenText, ordinalOf } from '../../src/selftest/golden/text.js';
import { promptSource } from '../../src/load/prompts/source.js';
import type { RequestRecord, RunRecord } from '../../src/load/records/record.js';
import type { LoadSpec } from '../../src/load/spec/spec.js';
import { makePrompts } from '../../src/load/workloads/index.js';
import { requestsBefore, specFor } from './specs.js';

type SpecChanges = NonNullable<Parameters<typeof specFor>[1]>;

export interface GoldenLoad {
  readonly spec: LoadSpec;
  readonly run: RunRecord;
  readonly log: GoldenLog;
}

/** Only these tests trust it. */
export const TLS_CERT_FILE = join(import.meta.dirname, '../fixtures/tls/localhost.crt');
export const TLS = {
  cert: readFileSync(TLS_CERT_FILE, 'utf8'),
  key: readFileSync(join(import.meta.dirname, '../fixtures/tls/localhost.key'), 'utf8'),
};

/** A load that keeps the texts of answers, and whose requests are all different. */
export function goldenSpec(server: { readonly url: string }, changes: SpecChanges = {}): LoadSpec {
  return specFor(server, {
    ...changes,
    prompts: { bustCache: 7, ...changes.prompts },
    output: { keepText: true, ...changes.output },
  });
}

export async function loadGolden(
  server: GoldenInput = {},
  changes: SpecChanges = {},
  hooks: GoldenHooks = {},
): Promise<GoldenLoad> {
  await using golden = await startGoldenServer(server, hooks);
  const spec = goldenSpec(golden, changes);
  const run = await generateLoad(spec);
  return { spec, run, log: golden.log() };
}

/** The content of every request of a spec, by its digest. Only for token ids. */
export async function digestsOf(spec: LoadSpec): Promise<string[]> {
  const codec = codecOf(spec.endpoint.api);
  const { signal } = new AbortController();
  const ask = () => Promise.resolve({ state: 'completed', chunkMs: [] } as const);
  const { measured } = await makePrompts(spec.prompts, { spec, ask, codec, signal });
  const write = codec.bodyWriter(spec);
  const prompt = promptSource(measured);
  return Array.from({ length: spec.numPrompts }, (_, index) => digestOf(write(prompt(index))));
}

export interface Framing {
  readonly text?: GoldenInput['text'];
  /** Chunks of a whole answer in addition to those of its tokens. */
  readonly otherChunks?: number;
  readonly counts?: boolean;
}

/** Checks that a record describes its answer exactly as the server does. */
export function expectSame(record: RequestRecord, truth: GoldenRequest, framing: Framing = {}): void {
  const { text = 'plain', otherChunks = 0, counts = true } = framing;
  expect(record).toMatchObject({ state: 'completed', requestedOutputTokens: truth.tokens });
  expect(record.text).toBe(goldenText(truth.ordinal, truth.tokens, text));
  expect(record.chunkMs).toHaveLength(truth.tokens + otherChunks);
  expect(truth).toMatchObject({ end: 'completed', tokensSent: truth.tokens });
  const { outputTokens, serverPromptTokens } = record;
  if (counts)
    expect({ outputTokens, serverPromptTokens }).toEqual({
      outputTokens: truth.tokens,
      serverPromptTokens: truth.promptTokens,
    });
}

/** The server's side of a record, found by the text of its answer. */
export function truthOf(record: RequestRecord, { requests }: GoldenLog): GoldenRequest {
  const truth = requests[ordinalOf(record.text ?? '') ?? -1];
  expect(truth, `an answer of request ${record.index}`).toBeDefined();
  return truth!;
}

/**
 * Checks that every request was sent once, got its own answer and was recorded once, that the server saw no other, and that all
 * completed, in records and log alike.
 */
export async function expectExact({ spec, run, log }: GoldenLoad, framing: Framing = {}): Promise<void> {
  expect(run.complete).toBe(true);
  expect(run.requests.map(({ index }) => index)).toEqual(
    Array.from({ length: spec.numPrompts }, (_, i) => i),
  );
  const truths = run.requests.map((record) => truthOf(record, log));
  for (const [i, record] of run.requests.entries()) expectSame(record, truths[i]!, framing);
  expect(new Set(truths).size).toBe(spec.numPrompts);
  if (run.prompts?.form !== 'token-ids') return;
  expect(log.requests).toHaveLength(requestsBefore(spec) + spec.numPrompts);
  const digests = await digestsOf(spec);
  expect(new Set(digests).size).toBe(spec.numPrompts);
  expect(truths.map(({ digest }) => digest)).toEqual(digests);
}
