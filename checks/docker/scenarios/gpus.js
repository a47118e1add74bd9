// @ts-check
import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { newToken } from '@sweepline/core/testing';
import { nvidia } from '@sweepline/hw-nvidia';
import docker from '@sweepline/launcher-docker';
import { errorsOf, sweep } from '../context.js';
import { startEngine } from '../engine/engine.js';
import { IMAGE, importImage } from '../engine/image.js';

/** @typedef {import('../run.js').Scenario} Scenario */

const HOOK = fileURLToPath(new URL('../engine/gpus', import.meta.url));
/** @type {import('@sweepline/core').Cluster} */
const BOX = {
  ...{ name: 'box', sku: 'h200', runners: [], launcher: 'docker', port: 'fixed', settings: {} },
  options: {},
};
const SHOW = 'ls /dev | grep nvidia | tr "\\n" " "; echo "visible: $CUDA_VISIBLE_DEVICES"';

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
    async run(context) {
      if (context.engine.program !== 'docker') return { skipped: 'podman 4 ignores --gpus' };
      const engine = await startEngine('docker', join(context.folder, 'gpus'), { path: HOOK });
      const before = process.env['DOCKER_HOST'];
      process.env['DOCKER_HOST'] = engine.env['DOCKER_HOST'];
      try {
        importImage(context.rootfs, engine);
        const stdout = await runWithGpus(await mkdtemp(join(context.folder, 'lease-')));
        const isRight =
          stdout === `${[0, 1, 2, 3, 4, 5, 6, 7].map((n) => `nvidia${n} `).join('')}visible: 2,3`;
        return { said: { message: stdout }, isRight };
      } finally {
        process.env['DOCKER_HOST'] = before;
        await engine.stop();
      }
    },
  },
];

/** What a container with two of a node's GPUs sees. @param {string} localDir */
async function runWithGpus(localDir) {
  const [launcher] = docker;
  const sku = nvidia.skus.find(({ name }) => name === 'h200');
  if (launcher === undefined || sku === undefined) throw new Error('a package has nothing');
  const { signal } = new AbortController();
  const container = nvidia.container?.(sku, BOX, false) ?? {
    docker: [],
    pyxis: [],
    env: {},
  };
  const lease = await launcher.acquire(
    {
      ...{
        token: newToken(),
        name: 'gpus',
        runner: 'h200',
        sku,
        nodes: 1,
        devicesPerNode: 2,
        container,
        localDir,
      },
      ...{ images: [IMAGE], onHandle: () => {} },
    },
    signal,
  );
  try {
    const [executor] = lease.executors;
    const env = nvidia.visibleDevices?.([2, 3]) ?? {};
    const output = await executor?.run(
      { argv: ['sh', '-c', SHOW], env, container: { image: IMAGE } },
      signal,
    );
    return output?.stdout ?? '';
  } finally {
    await lease[Symbol.asyncDispose]();
  }
}
