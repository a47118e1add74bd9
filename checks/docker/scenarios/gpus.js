// @ts-check
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { FAULTS } from '../../gpus/faults.js';
import { judgeClean, judgeFault, judgeVisible } from '../../gpus/judge.js';
import { sweepGpus } from '../../gpus/sweep.js';
import { errorsOf, REPOSITORY, sweep } from '../context.js';
import { addAmdDevices } from '../engine/amd-devices.js';
import { startEngine } from '../engine/engine.js';
import { IMAGE, importImage } from '../engine/image.js';

/**
 * @typedef {import('../run.js').Scenario} Scenario
 * @typedef {import('../context.js').Context} Context
 * @typedef {import('../../gpus/sweep.js').Point} Point
 */

const HOOK = fileURLToPath(new URL('../engine/gpus', import.meta.url));
const FILES = {
  nvidia: [0, 1, 2, 3, 4, 5, 6, 7].map((number) => `nvidia${number}`),
  amd: ['dri', 'kfd'],
};

/** @type {readonly Scenario[]} */
export const GPUS = [
  {
    title: 'GPUs of a node without the container toolkit',
    async run(context) {
      if (context.engine.program !== 'docker') return { skipped: 'podman 4 ignores --gpus' };
      const { results } = await sweep(context, { cluster: { 'docker-args': ['--gpus=all'] } });
      const [error] = errorsOf(results);
      return { said: error, isRight: error?.code === 'NODE_UNFIT' && /can't give GPUs/.test(error.message) };
    },
  },
  {
    title: 'GPUs by a stand-in for the container toolkit',
    run: (context) => withToolkit(context, (env) => clean('nvidia', env)),
  },
  ...FAULTS.filter(({ onNodes, fromMs }) => !onNodes && fromMs !== undefined).map((fault) => ({
    title: `GPUs: ${fault.title}`,
    run: (/** @type {Context} */ context) =>
      withToolkit(context, async (env) => judgeFault(await sweepGpus(pointOf('nvidia', env), fault), fault)),
  })),
  {
    title: 'GPUs of AMD, by their device files',
    async run(context) {
      if (context.engine.program !== 'docker') return { skipped: 'it was only run with docker' };
      addAmdDevices(join(context.folder, 'amd'));
      return { said: { message: await clean('amd', context.engine.env) }, isRight: true };
    },
  },
];

/** @param {Point['vendor']} vendor @param {NodeJS.ProcessEnv} env @returns {Point} */
function pointOf(vendor, env) {
  const cluster = { program: 'docker', mounts: { [REPOSITORY]: `${REPOSITORY}:ro` } };
  return { vendor, launcher: 'docker', image: IMAGE, cluster, env };
}

/** @param {Point['vendor']} vendor @param {NodeJS.ProcessEnv} env */
async function clean(vendor, env) {
  const outcome = await sweepGpus(pointOf(vendor, env));
  judgeVisible(outcome, vendor, { prefill: '0,1', decode: '2,3' }, FILES[vendor]);
  return judgeClean(outcome, vendor, { prefill: [0, 1], decode: [2, 3] });
}

/** On a dockerd that takes --gpus. @param {Context} context @param {(env: NodeJS.ProcessEnv) => Promise<string>} run */
async function withToolkit(context, run) {
  if (context.engine.program !== 'docker') return { skipped: 'podman 4 ignores --gpus' };
  const engine = await startEngine('docker', join(context.folder, 'gpus'), { path: HOOK });
  try {
    importImage(context.rootfs, engine);
    return { said: { message: await run(engine.env) }, isRight: true };
  } finally {
    await engine.stop();
  }
}
