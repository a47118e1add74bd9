// @ts-check
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { errorsOf, sweep } from '../context.js';

/** @typedef {import('../run.js').Scenario} Scenario */

/** @type {readonly Scenario[]} */
export const UNFIT = [
  {
    title: 'a model of which a file is missing',
    async run(context) {
      const cache = join(context.folder, 'hub');
      const snapshot = join(cache, 'models--synthetic:tiny/snapshots/r1');
      mkdirSync(snapshot, { recursive: true });
      writeFileSync(join(snapshot, 'config.json'), '{}');
      const index = { weight_map: { 'lm_head.weight': 'model-00002-of-00002.safetensors' } };
      writeFileSync(join(snapshot, 'model.safetensors.index.json'), JSON.stringify(index));
      const { results } = await sweep(context, { cluster: { 'hf-cache': cache } });
      const [error] = errorsOf(results);
      return {
        said: error,
        isRight: error?.code === 'MODEL_INCOMPLETE' && /model-00002-of-00002/.test(error.message),
      };
    },
  },
];
