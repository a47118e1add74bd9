import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { IdRuns } from '../../src/load/prompts/id-runs.js';
import { Mt19937 } from '../../src/load/prompts/mt19937.js';
import { measuredSample, otherSample, sampleRandom } from '../../src/load/prompts/random.js';
import { describeRecorded, recordings } from '../recordings.js';
import { specFor } from './specs.js';

interface Case {
  readonly seed: number;
  readonly vocab_size: number;
  readonly input_len: number;
  readonly output_len: number;
  readonly num_prompts: number;
  readonly range_ratio: number;
  readonly prompt_lens: readonly number[];
  readonly output_lens: readonly number[];
  readonly first_tokens: readonly (readonly number[])[];
  readonly last_tokens: readonly (readonly number[])[];
  readonly sha256_of_token_ids: string;
}

const ROOT = recordings('prompts');
const casesFile = join(ROOT, 'cases.json');
const cases = existsSync(casesFile) ? (JSON.parse(readFileSync(casesFile, 'utf8')) as Case[]) : [];

function itemsOf(c: Case) {
  return sampleRandom({
    seed: c.seed,
    count: c.num_prompts,
    inputLen: c.input_len,
    outputLen: c.output_len,
    rangeRatio: c.range_ratio,
    vocabularySize: c.vocab_size,
  });
}

describeRecorded(ROOT, 'prompts of InferenceX', () => {
  it.each(cases)('seed $seed, $num_prompts × $input_len of $vocab_size', (c) => {
    const runs = new IdRuns({ first: 0, end: c.vocab_size });
    const items = itemsOf(c);
    const prompts = items.map(({ start, inputLen }) => runs.json([{ start, length: inputLen }]));
    const ids = prompts.map((json) => JSON.parse(json) as number[]);
    expect(ids.map(({ length }) => length)).toEqual(c.prompt_lens);
    expect(items.map(({ outputLen }) => outputLen)).toEqual(c.output_lens);
    expect(ids.map((prompt) => prompt.slice(0, 5))).toEqual(c.first_tokens);
    expect(ids.map((prompt) => prompt.slice(-3))).toEqual(c.last_tokens);
    expect(
      createHash('sha256')
        .update(`[${prompts.join(',')}]`)
        .digest('hex'),
    ).toBe(c.sha256_of_token_ids);
  });
});

describe('Mt19937', () => {
  it('gives the reference sequence of seed 5489', () => {
    const random = new Mt19937(5489);
    expect([random.uint32(), random.uint32(), random.uint32()]).toEqual([3499211612, 581869302, 3890346734]);
    for (let i = 4; i < 10_000; i++) random.uint32();
    expect(random.uint32()).toBe(4123659995);
  });

  it('draws nothing when only one integer is possible', () => {
    const random = new Mt19937(5489);
    expect(random.integers(7, 8, 3)).toEqual([7, 7, 7]);
    expect(random.uint32()).toBe(3499211612);
  });
});

describe('sampleRandom', () => {
  const shape = { seed: 0, count: 3, inputLen: 1024, outputLen: 1024, rangeRatio: 1, vocabularySize: 32_000 };

  it('starts prompt i at its offset plus i', () => {
    expect(sampleRandom(shape).map(({ start }) => start)).toEqual([2732, 10_800, 9847]);
  });

  it('keeps lengths within [ratio × len, len], and never 0', () => {
    const lengths = sampleRandom({ ...shape, count: 500, inputLen: 10, rangeRatio: 0.05 }).map(
      (i) => i.inputLen,
    );
    expect(Math.min(...lengths)).toBe(1);
    expect(Math.max(...lengths)).toBe(10);
    const fromNone = sampleRandom({ ...shape, count: 500, inputLen: 3, outputLen: 3, rangeRatio: 0 });
    expect(new Set(fromNone.flatMap((i) => [i.inputLen, i.outputLen]))).toEqual(new Set([1, 2, 3]));
  });
});

describe('otherSample', () => {
  it('has other lengths and starts than the measured prompts', () => {
    const spec = specFor({ url: 'http://127.0.0.1:1' }, { numPrompts: 50 });
    const { prompts } = spec;
    if (prompts.kind !== 'random') throw new Error('the prompts of this spec are random');
    const measured = measuredSample(prompts, spec.numPrompts, 32_000);
    const others = otherSample(prompts, 50, 32_000);
    const starts = new Set(measured.map(({ start }) => start));
    expect(others.filter(({ start }) => starts.has(start)).length).toBeLessThan(5);
    expect(others.map(({ inputLen }) => inputLen)).not.toEqual(measured.map(({ inputLen }) => inputLen));
  });
});

describe('IdRuns', () => {
  it('starts over at the end of the vocabulary, as often as needed', () => {
    const runs = new IdRuns({ first: 98, end: 102 });
    expect(runs.json([{ start: 0, length: 2 }])).toBe('[98,99]');
    expect(runs.json([{ start: 3, length: 2 }])).toBe('[101,98]');
    expect(runs.json([{ start: 2, length: 11 }])).toBe('[100,101,98,99,100,101,98,99,100,101,98]');
  });
});
