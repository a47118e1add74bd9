import type { AppliedRecipe } from '@sweepline/core';
import { describe, expect, it } from 'vitest';
import { vllm } from '../src/index.js';

type Context = Parameters<typeof vllm.plan>[0];

const recipe: AppliedRecipe = {
  source: 'this test',
  flags: { 'tensor-parallel-size': 2, 'disable-log-requests': true, 'max-seq-len-to-capture': 2248 },
  env: { VLLM_SETTING: '1' },
  configFile: 'config.yaml',
  config: { 'max-model-len': 2068 },
  setup: [],
};

/** Of a context, what workers go by. */
const context = (image: string, strict = false): Context =>
  ({ job: { image, model: 'org/model' }, options: { 'extra-args': [], env: {} }, strict, recipe }) as never;

const flagsOf = (...given: Parameters<typeof context>) =>
  Object.keys(vllm.worker?.(context(...given)).flags ?? {});

describe("workers that others start have the server's settings", () => {
  it('without model, address and config file', () => {
    expect(vllm.worker?.(context('vllm/vllm-openai:v0.10.2'))).toEqual({
      flags: recipe.flags,
      env: recipe.env,
      config: recipe.config,
    });
  });

  it("without what some vLLM has dropped where the image doesn't tell its version", () => {
    expect(flagsOf('example/ai-dynamo/vllm-runtime:1.4.2')).toEqual(['tensor-parallel-size']);
    expect(flagsOf('vllm/vllm-openai:v0.16.0')).toEqual(['tensor-parallel-size', 'disable-log-requests']);
    expect(flagsOf('example/ai-dynamo/vllm-runtime:1.4.2', true)).toEqual(Object.keys(recipe.flags));
  });
});
