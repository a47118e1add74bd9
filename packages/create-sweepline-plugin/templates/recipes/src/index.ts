import type { Plugin, RecipePlugin } from '@sweepline/core';

export const recipes: RecipePlugin = {
  kind: 'recipes',
  name: 'my-plugin',
  apiVersion: 2,
  framework: 'vllm',
  requires: ['framework:vllm'],
  recipes: [
    {
      // Jobs with `model-prefix: my-model` on H200. It extends the recipes that match fewer of these keys, so it contains only what
      // differs.
      match: { model: 'my-model', sku: 'h200' },
      source: 'where the figures come from: a page, or a measurement with its date',
      // A value, or a function of the job. `undefined` removes a flag of the other recipes.
      flags: {
        'max-num-seqs': ({ concurrency }) => concurrency,
        'max-num-batched-tokens': 16_384,
      },
      env: { VLLM_LOGGING_LEVEL: 'WARNING' },
      rejects: ({ tp }) =>
        tp > 4 ? { reason: 'my-model was tuned for up to 4 devices', nearest: { tp: 4 } } : undefined,
    },
  ],
};

export default [recipes] satisfies readonly Plugin[];
