// @ts-check
import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { judgeClean, judgeVisible } from '../../gpus/judge.js';
import { PROGRAMS, sweepGpus } from '../../gpus/sweep.js';
import { REPOSITORY } from '../context.js';
import { IMAGE, copyProgram, importImage } from '../engine/image.js';
import { remote } from './remote.js';

/** An image with what NVIDIA's container toolkit would bring: programs that ask the GPUs. */
const WITH_PROGRAMS = 'localhost/sweepline-gpus:1';
const FILES = [0, 1, 2, 3, 4, 5, 6, 7].map((number) => `nvidia${number}`);

/** @type {import('../run.js').Scenario} */
export const REMOTE_ENERGY = remote(
  'energy, from what the agent reads of GPUs',
  async ({ engine, rootfs, folder }) => {
    const own = join(folder, 'rootfs-gpus');
    cpSync(rootfs, own, { recursive: true, verbatimSymlinks: true });
    for (const program of ['nvidia-smi', 'dcgmi', 'gpus.sh'])
      cpSync(join(PROGRAMS, program), join(own, 'usr/bin', program));
    // Busybox knows no fractions of seconds, by which clocks are compared.
    rmSync(join(own, 'bin/date'));
    copyProgram('/bin/date', '/bin/date', own);
    importImage(own, engine, WITH_PROGRAMS);
    const mounts = { [REPOSITORY]: `${REPOSITORY}:ro` };
    const cluster = { program: 'docker', 'agent-image': WITH_PROGRAMS, mounts };
    const point = { vendor: /** @type {const} */ ('nvidia'), launcher: /** @type {const} */ ('docker') };
    const outcome = await sweepGpus({ ...point, image: IMAGE, cluster, env: engine.env });
    judgeVisible(outcome, 'nvidia', { prefill: '0,1', decode: '2,3' }, FILES);
    const message = judgeClean(outcome, 'nvidia', { prefill: [0, 1], decode: [2, 3] });
    return { said: { message }, isRight: outcome.samples.every(({ node }) => node === engine.name) };
  },
);
