import { describe, expect, it } from 'vitest';
import { generateLoad } from '../../src/load/run/run-load.js';
import type { RunRecord } from '../../src/load/records/record.js';
import { marksOf } from '../../src/metrics/marks.js';
import {
  chunks,
  DONE,
  event,
  startScripted,
  usage,
  type ScriptedAnswer,
  type ScriptedRequest,
} from './scripted-server.js';
import { specFor } from './specs.js';

type Reply = ScriptedAnswer | 'hang up' | undefined;

const refusal = (status: number, message: string, headers: Record<string, string> = {}): ScriptedAnswer => ({
  status,
  headers: { 'content-type': 'application/json', ...headers },
  writes: [JSON.stringify({ error: { message } })],
});

/** Loads a server that answers normally, except as `reply` says for a request. */
async function load(
  reply: (request: ScriptedRequest) => Reply,
  { form = 'auto' }: { readonly form?: 'auto' | 'token-ids' | 'text' } = {},
) {
  await using server = await startScripted((request) => {
    const honest = { writes: [...chunks(request.maxTokens), usage(request, request.maxTokens), DONE] };
    return reply(request) ?? honest;
  });
  const spec = specFor(server, {
    ...{ numPrompts: 4, numWarmups: 0, serverMetrics: false, arrival: { concurrency: 1 } },
    prompts: { form, vocabulary: undefined },
  });
  const run = await generateLoad(spec, { retryPausesMs: [1, 1, 1] });
  return { run, requests: server.requests };
}

const codes = (run: RunRecord) => marksOf(run).map(({ code }) => code);
const firstIds = (requests: readonly ScriptedRequest[]) =>
  requests.slice(-4).flatMap(({ body }) => body['prompt'] as number[]);

describe('a first request that is refused for now', () => {
  it.each([
    ['503', refusal(503, 'loading')],
    ['500', refusal(500, 'not yet')],
    ['502', refusal(502, 'no upstream')],
    ['429', refusal(429, 'slow down', { 'retry-after': '0' })],
    ['408', refusal(408, 'too slow')],
    ['a reset', 'hang up' as const],
    ['an error in its stream', { writes: [event({ error: { message: 'warming up' } })] }],
    ['a stream that breaks off', { writes: chunks(2).slice(0, 1) }],
  ])('%s is asked again, and changes nothing of the prompts', async (_, answer) => {
    for (const times of [1, 2, 3]) {
      const { run, requests } = await load(({ ordinal }) => (ordinal <= times ? answer : undefined));
      expect(run.prompts).toMatchObject({ form: 'token-ids', vocabulary: { first: 1000, end: 30_000 } });
      expect(run.prompts).not.toHaveProperty('refusal');
      expect(run.prompts?.notes).toContainEqual(expect.stringContaining(`asked ${times} times more`));
      expect(codes(run)).not.toContain('prompt-form');
      expect(requests).toHaveLength(times + 1 + 4);
      expect(firstIds(requests).every((id) => id >= 1000)).toBe(true);
    }
  });

  it.each([
    ['503', refusal(503, 'loading'), 'REQUEST_FAILED'],
    ['429', refusal(429, 'slow down'), 'REQUEST_FAILED'],
    ['a reset', 'hang up' as const, 'ENDPOINT_UNREACHABLE'],
  ])('%s for good fails the run', async (_, answer, code) => {
    for (const form of ['auto', 'token-ids', 'text'] as const) {
      const seen: number[] = [];
      const run = load(({ ordinal }) => (seen.push(ordinal), answer), { form });
      await expect(run).rejects.toMatchObject({ code });
      expect(seen).toEqual([1, 2, 3, 4]);
    }
  });

  it('waits for as long as the server says', async () => {
    const seen: number[] = [];
    const { run } = await load(({ ordinal }) => {
      seen.push(performance.now());
      return ordinal === 1 ? refusal(503, 'loading', { 'retry-after': '1' }) : undefined;
    });
    expect(run.complete).toBe(true);
    // Its own pause would be 1 ms.
    expect((seen[1] ?? 0) - (seen[0] ?? 0)).toBeGreaterThan(900);
  });

  it('is not asked again for a token that is wrong, or a model that is not there', async () => {
    for (const status of [401, 403, 404]) {
      const seen: number[] = [];
      const run = load(({ ordinal }) => (seen.push(ordinal), refusal(status, 'no')));
      await expect(run).rejects.toMatchObject({ code: 'REQUEST_FAILED' });
      expect(seen).toEqual([1]);
    }
  });
});

describe('a first request that is refused for what it is', () => {
  const takesText = ({ body }: ScriptedRequest) =>
    typeof body['prompt'] === 'string' ? undefined : refusal(400, 'prompt must be a string');

  it.each([400, 413, 422])('with %i changes the form of prompts, which is a mark', async (status) => {
    const { run, requests } = await load(({ body }) =>
      typeof body['prompt'] === 'string' ? undefined : refusal(status, 'prompt must be a string'),
    );
    expect(run.prompts).toMatchObject({ form: 'text', refusal: 'prompt must be a string' });
    expect(codes(run)).toContain('prompt-form');
    expect(requests.filter(({ body }) => Array.isArray(body['prompt']))).toHaveLength(2);
  });

  it('changes nothing where text was asked for', async () => {
    const { run } = await load(takesText, { form: 'text' });
    expect(codes(run)).not.toContain('prompt-form');
  });

  it('of some ids leaves others, which is a mark as well', async () => {
    const { run, requests } = await load(({ body }) =>
      (body['prompt'] as number[]).some((id) => id >= 1000)
        ? refusal(400, 'token ids are out of the vocabulary')
        : undefined,
    );
    expect(run.prompts).toMatchObject({
      form: 'token-ids',
      vocabulary: { first: 256, end: 1000 },
      refusal: 'token ids are out of the vocabulary',
    });
    expect(codes(run)).toContain('prompt-form');
    expect(firstIds(requests).every((id) => id < 1000)).toBe(true);
  });

  it('by errors in its stream that stay does as well', async () => {
    const { run } = await load(({ body }) =>
      typeof body['prompt'] === 'string' ? undefined : { writes: [event({ error: { message: 'no ids' } })] },
    );
    expect(run.prompts).toMatchObject({ form: 'text', refusal: 'no ids' });
  });
});
