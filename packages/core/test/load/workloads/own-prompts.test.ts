import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { loadProblems } from '../../../src/load/scenario/check.js';
import type { JobLoad } from '../../../src/load/scenario/load.js';
import { scenarioLoadSchema } from '../../../src/load/scenario/schema.js';
import { loadParts } from '../../../src/load/scenario/spec.js';

const PARQUET = join(import.meta.dirname, '../../fixtures/parquet/snappy.parquet');
let folder = '';
beforeAll(async () => (folder = await mkdtemp(join(tmpdir(), 'own-'))));
afterAll(() => rm(folder, { recursive: true }));

/** The load spec parts of a config's load, with its data set in a file. */
function partsOf(workload: NonNullable<JobLoad['workload']>, file: string) {
  const load = { workload: { ...workload, sha256: 'the-digest' } };
  expect(scenarioLoadSchema.safeParse({ workload })).toMatchObject({ success: true });
  expect(loadProblems({ workload }, { isl: 20, osl: 3 })).toEqual([]);
  return loadParts({
    load,
    concurrency: 2,
    prompts: { isl: 20, osl: 3, form: 'auto', rangeRatio: 1, seed: 5, useChatTemplate: false },
    sizes: { numPrompts: 20, numWarmups: 4 },
    fileOf: () => file,
  });
}

it('prompts of JSON lines are a scenario’s, with outputs as long as its job’s', async () => {
  const file = join(folder, 'p.jsonl');
  await writeFile(file, Array.from({ length: 20 }, (_, i) => JSON.stringify({ prompt: `p${i}` })).join('\n'));
  expect(await partsOf({ kind: 'custom', path: 'p.jsonl' }, file)).toMatchObject({
    prompts: { kind: 'custom', path: file, promptColumn: 'prompt', outputLen: 3 },
    numPrompts: 20,
  });
  await writeFile(file, '{"prompt":"alone"}');
  await expect(partsOf({ kind: 'custom', path: 'p.jsonl' }, file)).rejects.toMatchObject({
    code: 'WORKLOAD_INVALID',
    message: 'the data set has 1 prompts, but 20 are asked for',
  });
});

it('a file of a Hugging Face data set is, too, with the columns that the scenario names', async () => {
  const workload = { kind: 'hf', path: 'q', 'prompt-column': 'turns', 'output-column': 'output_tokens' };
  const { prompts } = await partsOf(workload, PARQUET);
  expect(prompts).toEqual({
    kind: 'hf',
    path: PARQUET,
    promptColumn: 'turns',
    outputColumn: 'output_tokens',
  });
});

it.each([{ 'prompt-colum': 'x' }, { 'more-files': ['x'] }, { 'hf-split': 'x' }])(
  'a scenario has no other fields: %j',
  (other) => {
    const workload = { kind: 'hf', path: 'q', ...other };
    expect(scenarioLoadSchema.safeParse({ workload })).toMatchObject({ success: false });
  },
);
