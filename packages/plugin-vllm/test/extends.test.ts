import type { Recipe } from '@sweepline/core';
import { planJobs } from '@sweepline/core/testing';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { rules } from '../src/index.js';
import { flag, STRICT } from './plans.js';

const packageFolder = (name: string): string => fileURLToPath(new URL(`../../${name}`, import.meta.url));
const PACKAGES = Object.fromEntries(
  ['plugin-vllm', 'hw-nvidia'].map((name) => [`@sweepline/${name}`, packageFolder(name)]),
);

const VENDOR: Recipe = {
  match: { model: 'other', sku: 'h200' },
  source: "the vendor's own runs",
  flags: { 'max-num-seqs': 64 },
  env: { ACME_FUSE: '1' },
};

const JOB = {
  image: 'vllm/vllm-openai:v0.13.0',
  model: 'org/other',
  'model-prefix': 'other',
  precision: 'fp8',
  framework: 'vllm',
  runner: 'h200',
  'spec-decoding': 'none',
  'exp-name': 'other_1k1k',
  ...{ isl: 1024, osl: 1024, 'max-model-len': 2248, disagg: false, 'run-eval': false },
  ...{ tp: 4, ep: 1, 'dp-attn': false, conc: 4 },
};

async function planWith(recipe: Recipe, args: readonly string[] = [], changes: object = {}) {
  const plugin = { kind: 'recipes', name: 'acme', apiVersion: 2, framework: 'vllm', recipes: [recipe] };
  const [printed] = await planJobs(PACKAGES, [{ ...JOB, ...changes }], args, {
    'configs/sweepline.yaml': JSON.stringify({ plugins: [...Object.keys(PACKAGES), './acme/recipes.js'] }),
    'configs/acme/package.json': JSON.stringify({ name: 'acme', version: '1.0.0', type: 'module' }),
    'configs/acme/recipes.js': `export default ${JSON.stringify([plugin])};`,
  });
  return printed!;
}

it("a vendor's recipe keeps what it doesn't speak of: parallelism, lengths, no cached prefixes, the download", async () => {
  const plan = await planWith(VENDOR);

  expect(flag(plan, '--max-num-seqs')).toBe('64');
  expect(flag(plan, '--tensor-parallel-size')).toBe('4');
  expect(flag(plan, '--max-model-len')).toBe('2248');
  expect(flag(plan, '--no-enable-prefix-caching')).toBe(true);
  expect(plan.prepare?.map(({ argv }) => argv)).toEqual([['hf', 'download', 'org/other']]);
  expect(plan.processes?.[0]?.env).toMatchObject({ ACME_FUSE: '1' });
});

it('nothing of the sort in one that replaces the rest, nor what a rule takes away', async () => {
  const complete = await planWith({ ...VENDOR, replaces: true, flags: { 'tensor-parallel-size': 4 } });
  const without = await planWith({ ...VENDOR, flags: { 'no-enable-prefix-caching': false } });

  expect(flag(complete, '--max-model-len')).toBeUndefined();
  expect(flag(without, '--no-enable-prefix-caching')).toBeUndefined();
  expect(flag(without, '--max-model-len')).toBe('2248');
  expect(await planWith(VENDOR, STRICT)).toHaveProperty('processes');
});

it('one that replaces the rest and forgets the parallelism is refused, and so is a precision that vLLM has not', async () => {
  const forgetful = await planWith({ ...VENDOR, replaces: true });
  const fp5 = await planWith(VENDOR, [], { precision: 'fp5' });

  expect(forgetful.rejected?.reason).toMatch(/makes vllm use 1 devices, but 4 are laid out/);
  expect(fp5.rejected?.reason).toMatch(/it does not serve precision fp5, only .*\bfp8\b/);
});

it('the rules that the recipes share are there for others', () => {
  expect(rules.TENSOR).toHaveProperty('tensor-parallel-size');
});
