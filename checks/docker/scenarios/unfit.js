// @ts-check
import { join } from 'node:path';
import { errorsOf, sweep } from '../context.js';
import { makeIncompleteModel } from '../../incomplete-model.js';

/** @typedef {import('../run.js').Scenario} Scenario */

/** @type {readonly Scenario[]} */
export const UNFIT = [
  {
    title: 'a model of which a file is missing',
    async run(context) {
      const cache = join(context.folder, 'hub');
      const missing = makeIncompleteModel(cache, 'synthetic:tiny');
      const { results } = await sweep(context, { cluster: { 'hf-cache': cache } });
      const [error] = errorsOf(results);
      return { said: error, isRight: error?.code === 'MODEL_INCOMPLETE' && error.message.includes(missing) };
    },
  },
];
