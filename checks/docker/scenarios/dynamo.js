// @ts-check
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { findDynamo } from '../../real-dynamo/environment.js';
import { MODEL } from '../../real-dynamo/make-model.js';
import { checkPoint } from '../../real-dynamo/sweep.js';
import { makeWorkspace, startSweep } from '../context.js';

/** @typedef {import('../run.js').Scenario} Scenario */

const POINTS = 2;

/** Prefill, two of decode, and a frontend: four containers, which find each other by files of the job. @type {Scenario} */
export const DYNAMO = {
  title: 'a sweep of real Dynamo in four containers, whose records are what its processes counted',
  async run(context) {
    const found = findDynamo();
    if (found === undefined) return { skipped: 'it could not be installed before' };
    const { python, folders, env } = found;
    const mounts = Object.fromEntries(folders().map((folder) => [folder, `${folder}:ro`]));
    const options = {
      python,
      env,
      network: 'loopback',
      'speedup-ratio': 4,
      vocabulary: { first: 257, end: 4096 },
    };
    const worker = { tp: 1, ep: 1, 'dp-attn': false };
    const space = {
      'conc-list': [1, 4],
      prefill: { ...worker, 'num-worker': 1 },
      decode: { ...worker, 'num-worker': 2 },
    };
    const entry = {
      ...{
        'model-prefix': 'mocked',
        precision: 'bf16',
        framework: 'dynamo-mocker',
        multinode: true,
        disagg: true,
      },
      'seq-len-configs': [{ isl: 256, osl: 64, 'search-space': [space] }],
    };
    const workspace = await makeWorkspace(context, {
      ...{ model: MODEL, cluster: { mounts }, options, entry, plugins: ['plugin-dynamo', 'hw-cpu'] },
    });
    try {
      const { code, said } = await startSweep(context, workspace).ended;
      const results = await workspace.results();
      const [run = ''] = readdirSync(join(workspace.root, 'results'));
      const points = join(workspace.root, 'results', run, 'points');
      const problems = results.flatMap((one) => checkPoint(one, join(points, one.name)));
      const isRight = code === 0 && results.length === POINTS && problems.length === 0;
      const message = `${results.length} points, ${problems.length} differences`;
      return { said: { message: isRight ? message : [message, ...problems, said].join('\n') }, isRight };
    } finally {
      await workspace[Symbol.asyncDispose]();
    }
  },
};
