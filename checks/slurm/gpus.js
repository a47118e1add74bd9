// @ts-check
/**
 * Sweeps over Slurm with stand-ins for GPUs: what nodes tell of them, and what energy is made of it.
 *
 * @typedef {import('./scenarios.js').Scenario} Scenario
 * @typedef {import('../gpus/sweep.js').Point} Point
 */
import { FAULTS } from '../gpus/faults.js';
import { judgeClean, judgeFault, judgeVisible } from '../gpus/judge.js';
import { REPOSITORY, sweepGpus } from '../gpus/sweep.js';
import { ROOT } from './cluster.js';
import { IMAGE } from './lease.js';

/** More than half of a node's: the second role gets the next node. */
const FIVE = [0, 1, 2, 3, 4];
const ALL = '0,1,2,3,4,5,6,7';

/** @type {readonly Scenario[]} */
export const GPUS = [
  { title: 'GPUs of two hosts', kind: 'short', run: twoHosts },
  { title: 'GPUs in containers', kind: 'long', run: containers },
  { title: 'GPUs of AMD', kind: 'long', run: ofAmd },
  ...FAULTS.map((fault) => ({
    title: `GPUs: ${fault.title}`,
    kind: /** @type {const} */ ('long'),
    run: async () => judgeFault(await sweepGpus(pointOf({}), fault), fault),
  })),
];

/** @param {Partial<Point>} more @returns {Point} */
function pointOf(more) {
  const squash = `${ROOT}/squash/{image-name}.sqsh`;
  const cluster = { exclusive: true, writable: true, squash, mounts: { [REPOSITORY]: REPOSITORY } };
  return { vendor: 'nvidia', launcher: 'slurm', cluster, ...more };
}

/** Alone on its node, a process sees all GPUs that the job has there. */
async function twoHosts() {
  const outcome = await sweepGpus(pointOf({ devices: FIVE.length }));
  judgeVisible(outcome, {
    prefill: { visible: ALL, files: [] },
    decode: { visible: ALL, files: [] },
  });
  return judgeClean(outcome, 'nvidia', { prefill: FIVE, decode: FIVE }, 2);
}

async function containers() {
  const outcome = await sweepGpus(pointOf({ image: IMAGE }));
  judgeVisible(outcome, { prefill: { visible: '0,1', files: [] }, decode: { visible: '2,3', files: [] } });
  return judgeClean(outcome, 'nvidia', { prefill: [0, 1], decode: [2, 3] });
}

async function ofAmd() {
  const outcome = await sweepGpus(pointOf({ vendor: 'amd' }));
  return judgeClean(outcome, 'amd', { prefill: [0, 1], decode: [2, 3] });
}
