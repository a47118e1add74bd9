import { describe, expect, it } from 'vitest';
import { generateLoad } from '../../src/load/run/run-load.js';
import type { RequestRecord, RunRecord } from '../../src/load/records/record.js';
import type { LoadSpec } from '../../src/load/spec/spec.js';
import { startFakeServer, type FakeServerOptions } from '../../src/testing/index.js';
import { specFor } from './specs.js';

const THINK_MS = 4;

/** Twelve requests: four conversations of three turns. */
const prompts: LoadSpec['prompts'] = {
  kind: 'multi-turn',
  turns: { min: 3, max: 3 },
  firstLen: 20,
  nextLen: 8,
  outputLen: 6,
  rangeRatio: 1,
  think: { distribution: 'fixed', ms: THINK_MS },
  seed: 1,
};

interface Message {
  readonly role: string;
  readonly content: string;
}

async function converse(server: FakeServerOptions = {}, changes: Parameters<typeof specFor>[1] = {}) {
  await using fake = await startFakeServer(server);
  const base = specFor(fake, { endpoint: { api: 'chat' }, arrival: { concurrency: 2 }, ...changes });
  const run = await generateLoad({ ...base, numWarmups: 0, prompts });
  const bodies = fake.requests.map(({ body }) => body['messages'] as readonly Message[]);
  return { run, measured: bodies.filter((messages) => messages.length > 1), bodies };
}

/** Requests grouped by conversation. */
const conversationsOf = ({ requests }: RunRecord): RequestRecord[][] =>
  [0, 1, 2, 3].map((which) => requests.filter(({ index }) => Math.floor(index / 3) === which));

describe('conversations', () => {
  it('go on with all that was said, the answers of the model among it', async () => {
    const { run, measured } = await converse({}, { output: { keepText: true } });

    expect(run.complete).toBe(true);
    expect(run.requests).toHaveLength(12);
    expect(run.requests.map(({ turn }) => turn)).toEqual(Array(4).fill([0, 1, 2]).flat());
    expect(measured.map((messages) => messages.length).toSorted()).toEqual([3, 3, 3, 3, 5, 5, 5, 5]);
    const answers = run.requests.map(({ text }) => text);
    for (const messages of measured) {
      expect(messages.map(({ role }) => role)).toEqual(
        ['user', 'assistant', 'user', 'assistant', 'user'].slice(0, messages.length),
      );
      for (const { role, content } of messages) if (role === 'assistant') expect(answers).toContain(content);
    }
    const longer = measured.filter(({ length }) => length === 5);
    for (const messages of longer) expect(measured).toContainEqual(messages.slice(0, 3));
  });

  it('name their turns, even if there is one alone', async () => {
    const { run } = await converse({}, { numPrompts: 10 });
    expect(run.requests.map(({ turn }) => turn)).toEqual([0, 1, 2, 0, 1, 2, 0, 1, 2, 0]);
  });

  it('keep no text that was not asked for', async () => {
    const { run } = await converse();
    for (const request of run.requests) expect(request).not.toHaveProperty('text');
  });

  it('have each turn due a while after the answer before it', async () => {
    const { run } = await converse();
    for (const turns of conversationsOf(run)) {
      turns.slice(1).forEach(({ scheduledMs, sentMs }, i) => {
        expect(scheduledMs).toBeCloseTo((turns[i]?.doneMs ?? 0) + THINK_MS, 6);
        expect(sentMs).toBeGreaterThanOrEqual(scheduledMs);
      });
    }
    expect(run.client.peakInFlight).toBeLessThanOrEqual(2);
  });

  it('end with a turn that fails, and count the turns that could not follow', async () => {
    // The measured requests come after three that measured the cost of text.
    const { run } = await converse({ faults: ['status-500'], faultAt: (ordinal) => ordinal === 5 });
    const failedWith = (code: string) => run.requests.filter(({ error }) => error?.code === code);

    expect(run.requests).toHaveLength(12);
    expect(run.complete).toBe(true);
    const [refused, ...others] = failedWith('http-500');
    expect(others).toEqual([]);
    const broken = failedWith('conversation-broken');
    expect(broken).toHaveLength(2 - (refused?.turn ?? NaN));
    for (const request of broken) {
      expect(request.state).toBe('failed');
      expect(request).not.toHaveProperty('sentMs');
    }
  });
});
