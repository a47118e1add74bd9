import { describe, expect, it } from 'vitest';
import { pointName } from '../../src/bench/endpoint-result.js';
import { specOf } from '../../src/bench/spec.js';
import { pointsFor, specFor } from './bench-run.js';

describe('the load of sweepline bench', () => {
  it('has what flags say by the names that vLLM has for them', async () => {
    const spec = await specFor([
      ...['--input-len', '30', '--output-len', '7', '--num-prompts', '4', '--max-concurrency', '2'],
      ...['--temperature', '0.7', '--top-p', '0.9', '--top-k', '-1', '--min-p', '0.1', '--insecure'],
      ...['--frequency-penalty', '-1', '--presence-penalty', '0.5', '--repetition-penalty', '1.1'],
      ...['--extra-body', '{"top_p":0.5}', '--request-timeout', '90'],
    ]);
    expect(spec).toMatchObject({
      prompts: { inputLen: 30, outputLen: 7 },
      temperature: 0.7,
      // What is given as a body has the last word, as for vLLM.
      extraBody: {
        ...{ top_p: 0.5, top_k: -1, min_p: 0.1 },
        ...{ frequency_penalty: -1, presence_penalty: 0.5, repetition_penalty: 1.1 },
      },
      timeouts: { requestS: 90 },
      endpoint: { insecure: true },
    });
    expect(spec).not.toHaveProperty('durationS');
  });

  it.each([
    [['--request-rate', '50'], 100],
    [['--request-rate', '50', '--arrival', 'constant', '--max-concurrency', '9'], 100],
    [['--request-rate', '50', '--arrival', 'constant', '--num-prompts', '30'], 30],
    [['--max-concurrency', '2'], 1000],
    [['--max-concurrency', '5000', '--random-input-len', '100'], 10_000],
    [['--max-concurrency', '5000000', '--random-input-len', '1024'], 32_768],
    [['--max-concurrency', '2', '--num-prompts', '7'], 7],
  ])('has prompts for its time: %s', async (args, count) => {
    const spec = await specFor(['--duration', '2', ...args]);
    expect(spec.durationS).toBe(2);
    if (args.includes('constant') || !args.includes('--request-rate')) expect(spec.numPrompts).toBe(count);
    // By its seed a random schedule has about as many.
    else expect(Math.abs(spec.numPrompts - count)).toBeLessThan(30);
  });

  it('has a seed of its own for each of several points', () => {
    const points = pointsFor([
      ...['--max-concurrency', '1,2', '--request-rate', '3,inf'],
      ...['--seed', '4294967294', '--bust-cache', '7'],
    ]);
    expect(
      points.map(({ maxConcurrency, requestRate, seed, bustCache }) => [
        ...[maxConcurrency, requestRate, seed, bustCache],
      ]),
    ).toEqual([
      [1, 3, 4294967294, 7],
      [1, Infinity, 4294967295, 8],
      [2, 3, 0, 9],
      [2, Infinity, 1, 10],
    ]);
  });

  it('names a point by what it asks for, whatever others there are', async () => {
    const namesOf = (args: readonly string[]) =>
      Promise.all(
        pointsFor(args).map(async (options) =>
          pointName(options, await specOf({ cwd: '/', env: {} }, options, 'R.jsonl')),
        ),
      );
    const shape = ['--request-rate', '20', '--duration', '3', '--random-input-len', '30'];
    const [one, two] = await namesOf([...shape, '--max-concurrency', '1,2']);
    expect(one).toMatch(/^m_random_30_128_20rps_conc1_[0-9a-f]{12}$/);
    expect(await namesOf([...shape, '--max-concurrency', '2', '--seed', '9', '--workers', '1'])).toEqual([
      two,
    ]);
    expect(await namesOf([...shape, '--max-concurrency', '2', '--temperature', '1'])).not.toEqual([two]);
  });
});
