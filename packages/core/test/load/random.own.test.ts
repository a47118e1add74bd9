import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { sampleRandom } from '../../src/load/prompts/random.js';

interface Case {
  readonly seed: number;
  readonly vocabulary: number;
  readonly inputLen: number;
  readonly outputLen: number;
  readonly count: number;
  readonly rangeRatio: number;
  readonly inputLens: readonly number[];
  readonly outputLens: readonly number[];
  /** First id of each prompt; the others are consecutive. */
  readonly starts: readonly number[];
}

const OWN = join(import.meta.dirname, '../../../conformance/own/prompts/cases.json');
const cases = JSON.parse(readFileSync(OWN, 'utf8')) as readonly Case[];

it.each(cases)('prompts as NumPy draws them: seed $seed, $count × $inputLen of $vocabulary', (one) => {
  const items = sampleRandom({ ...one, vocabularySize: one.vocabulary });
  expect(items.map(({ inputLen }) => inputLen)).toEqual(one.inputLens);
  expect(items.map(({ outputLen }) => outputLen)).toEqual(one.outputLens);
  expect(items.map(({ start }) => start)).toEqual(one.starts);
});
