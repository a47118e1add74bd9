import { describe, expect, it } from 'vitest';
import { waitUntilReady } from '../../src/bench/ready.js';
import { firstModel } from '../../src/bench/server-model.js';
import type { Answer, Asker } from '../../src/bench/asker.js';

/** Gives one answer after the other, the last one for ever. */
function askerOf(...answers: readonly (Answer | Error)[]) {
  const asked: string[] = [];
  const asker: Asker = {
    baseUrl: 'http://h',
    ask(_method, path) {
      const answer = answers[Math.min(asked.push(path), answers.length) - 1];
      return answer === undefined || answer instanceof Error
        ? Promise.reject(answer ?? new Error('nothing'))
        : Promise.resolve(answer);
    },
  };
  return { asker, asked };
}

const signal = new AbortController().signal;
const logger = { info: () => {}, warn: () => {}, error: () => {} };
const [fine, absent, busy] = [200, 404, 503].map((status): Answer => ({ status, text: '{}' }));

describe('an endpoint that is waited for', () => {
  it('is ready once it answers, whether or not it knows the path', async () => {
    const { asker, asked } = askerOf(new Error('ECONNREFUSED'), busy!, fine!, busy!, absent!, fine!);
    await waitUntilReady({ asker, logger, signal }, 4.5);
    expect(asked).toEqual(['/health', '/health', '/health', '/v1/models', '/health', '/v1/models']);
  });

  it('is given up after the time, with what it said last', async () => {
    const { asker } = askerOf(busy!);
    await expect(waitUntilReady({ asker, logger, signal }, 0.01)).rejects.toMatchObject({
      code: 'ENDPOINT_UNREACHABLE',
      message: expect.stringContaining('/health answered 503') as string,
    });
  });

  it('is not waited for any longer when the bench is stopped', async () => {
    const stop = new AbortController();
    stop.abort();
    const { asker } = askerOf(new Error('aborted'));
    await expect(waitUntilReady({ asker, logger, signal: stop.signal }, 60)).rejects.toMatchObject({
      code: 'INTERRUPTED',
    });
  });
});

describe('the model of a server', () => {
  it('is the first that it lists', async () => {
    const { asker } = askerOf({ status: 200, text: '{"data":[{"id":"a/b"},{"id":"c"}]}' });
    expect(await firstModel(asker, signal)).toBe('a/b');
  });

  it.each(['{"data":[]}', 'hello', '{}'])('is asked for where there is none: %s', async (text) => {
    const { asker } = askerOf({ status: 200, text });
    await expect(firstModel(asker, signal)).rejects.toMatchObject({ code: 'USAGE', hint: 'Give --model.' });
  });
});
