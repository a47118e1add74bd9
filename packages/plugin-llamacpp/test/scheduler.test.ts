import { expect, test } from 'vitest';
import type { GenerationRequest, Outcome } from '../dist/engine/generation.js';
import { Scheduler } from '../dist/engine/scheduler.js';
import type { Slot } from '../dist/engine/slot.js';

const EOS = 2;

/** A scheduler over slots that say what they evaluate; each step yields to the event loop once, as the engine does. */
function setUp({
  slots = 1,
  batchSize = 8,
  sample = () => 7,
}: {
  slots?: number;
  batchSize?: number;
  sample?: () => number;
}) {
  const evaluated: string[] = [];
  const createSlot = (_: unknown, index: number): Slot => ({
    async evaluate(tokens, sampling) {
      evaluated.push(`${index}:${tokens.join(' ')}`);
      await new Promise(setImmediate);
      return sampling && sample();
    },
    clear: () => Promise.resolve(void evaluated.push(`${index}:clear`)),
  });
  const scheduler = new Scheduler({
    slots: Array.from({ length: slots }, createSlot),
    batchSize,
    isEndOfGeneration: (token) => token === EOS,
  });
  const ended: string[] = [];
  const submit = (name: string, request: Partial<GenerationRequest>, onToken?: () => void) =>
    new Promise<Outcome>((resolve) => {
      const end = (outcome: Outcome) => {
        ended.push(name);
        resolve(outcome);
      };
      const sampling = { temperature: 0, topP: 1 };
      const generation = scheduler.submit(
        { prompt: [1], maxTokens: 1, ignoreEos: false, sampling, ...request },
        { token: () => onToken?.(), end },
      );
      generations[name] = generation;
    });
  const generations: Record<string, ReturnType<Scheduler['submit']>> = {};
  return { scheduler, evaluated, ended, submit, generations };
}

test('a long prompt is cut over steps, in each of which the running requests get their token', async () => {
  const { submit, evaluated } = setUp({ slots: 2, batchSize: 4 });
  await Promise.all([
    submit('short', { maxTokens: 4 }),
    submit('long', { prompt: [10, 11, 12, 13, 14, 15, 16] }),
  ]);
  expect(evaluated).toEqual([
    '0:1',
    '0:7',
    '1:10 11 12',
    '0:7',
    '1:13 14 15',
    '0:7',
    '1:16',
    '0:clear',
    '1:clear',
  ]);
});

test('each step goes through the slots in order, and a request that joins takes the lowest that is free', async () => {
  const { submit, evaluated } = setUp({ slots: 3 });
  await Promise.all([
    submit('first', { maxTokens: 5 }),
    submit('short', { prompt: [2] }),
    submit('third', { prompt: [3], maxTokens: 4 }),
    submit('joins', { prompt: [4], maxTokens: 2 }),
  ]);
  expect(evaluated).toEqual([
    '0:1',
    ...['0:7', '1:2', '2:3', '1:clear'],
    ...['0:7', '1:4', '2:7'],
    ...['0:7', '1:7', '2:7', '1:clear'],
    ...['0:7', '2:7', '0:clear', '2:clear'],
  ]);
});

test('requests beyond the slots wait in order, and each finds an empty slot', async () => {
  const { submit, ended, evaluated, scheduler } = setUp({});
  const all = [submit('a', {}), submit('b', { prompt: [4] }), submit('c', { prompt: [5] })];
  expect([scheduler.processing, scheduler.deferred]).toEqual([1, 2]);
  await Promise.all(all);
  expect(ended).toEqual(['a', 'b', 'c']);
  expect(evaluated).toEqual(['0:1', '0:clear', '0:4', '0:clear', '0:5', '0:clear']);
});

test('an end-of-generation token ends a request unless it is to be ignored', async () => {
  const { submit, generations, scheduler } = setUp({ sample: () => EOS });
  await submit('honours', { maxTokens: 5 });
  await submit('ignores', { maxTokens: 5, ignoreEos: true });
  expect(generations['honours']?.completionTokens).toBe(1);
  expect(generations['ignores']?.completionTokens).toBe(5);
  expect(scheduler.counters).toMatchObject({ promptTokens: 2, completionTokens: 6 });
});

test('cancelling takes a waiting request out at once and a running one after its step', async () => {
  const { submit, generations, scheduler, ended } = setUp({});
  const cancelRunning = () => scheduler.cancel(generations['running']!);
  const running = submit('running', { maxTokens: 100 }, cancelRunning);
  const waiting = submit('waiting', {});
  const last = submit('last', {});
  scheduler.cancel(generations['waiting']!);
  expect(await waiting).toEqual({ state: 'cancelled' });
  expect(await running).toEqual({ state: 'cancelled' });
  expect(await last).toEqual({ state: 'completed' });
  expect(ended).toEqual(['waiting', 'running', 'last']);
  expect(generations['running']?.completionTokens).toBe(1);
});

test('an error of the engine ends the request that met it, and the next one is served', async () => {
  let calls = 0;
  const sample = () => {
    if (calls++ === 0) throw new Error('no memory');
    return 7;
  };
  const { submit } = setUp({ sample });
  expect(await submit('first', {})).toMatchObject({ state: 'failed', error: { message: 'no memory' } });
  expect(await submit('second', {})).toEqual({ state: 'completed' });
});

test('draining cancels all there is', async () => {
  const { submit, scheduler } = setUp({});
  const outcomes = Promise.all([submit('running', { maxTokens: 100 }), submit('waiting', {})]);
  await scheduler.drain();
  expect(await outcomes).toEqual([{ state: 'cancelled' }, { state: 'cancelled' }]);
  expect([scheduler.processing, scheduler.deferred]).toEqual([0, 0]);
});
