// @ts-check
/**
 * Sweeps over Slurm with stand-ins for GPUs: what nodes say of them, and what energy is made of it.
 *
 * @typedef {import('./scenarios.js').Scenario} Scenario
 * @typedef {import('../gpus/sweep.js').Point} Point
 */
import { FAULTS } from '../gpus/faults.js';
import { judgeClean, judgeFault, judgeVisible } from '../gpus/judge.js';
import { REPOSITORY, sweepGpus } from '../gpus/sweep.js';
import { command, ROOT } from './cluster.js';
import { submit } from './jobs.js';
import { IMAGE } from './lease.js';

/** More than half of a node's: the second role gets the next node. */
const FIVE = [0, 1, 2, 3, 4];

/** @type {readonly Scenario[]} */
export const GPUS = [
  { title: 'GPUs of two hosts', kind: 'short', run: twoHosts },
  { title: 'GPUs in containers', kind: 'long', run: () => oneNode('nvidia', IMAGE) },
  { title: 'GPUs of AMD', kind: 'long', run: () => oneNode('amd') },
  { title: 'GPUs of a shared node, on the host', kind: 'long', run: () => sharedNode() },
  { title: 'GPUs of a shared node, in containers', kind: 'long', run: () => sharedNode(IMAGE) },
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
  return { vendor: 'nvidia', launcher: 'slurm', cluster, folder: ROOT, ...more };
}

/** Slurm gives the job as many GPUs of each node as it needs there, and a process that is alone on its node sees these. */
async function twoHosts() {
  const outcome = await sweepGpus(pointOf({ devices: FIVE.length }));
  judgeVisible(outcome, 'nvidia', { prefill: FIVE.join(), decode: FIVE.join() });
  return judgeClean(outcome, 'nvidia', { prefill: FIVE, decode: FIVE }, 2);
}

/** @param {Point['vendor']} vendor @param {string} [image] */
async function oneNode(vendor, image) {
  const outcome = await sweepGpus(pointOf({ vendor, ...(image !== undefined && { image }) }));
  judgeVisible(outcome, vendor, { prefill: '0,1', decode: '2,3' });
  return judgeClean(outcome, vendor, { prefill: [0, 1], decode: [2, 3] });
}

/** Somebody else has the first GPUs of the only node: ours get the others. @param {string} [image] */
async function sharedNode(image) {
  const first = submit('--nodelist=n1', '--gres=gpu:4', '--job-name=first');
  try {
    const point = pointOf(image === undefined ? {} : { image });
    // A node that is not exclusive gives a job little memory by default.
    const own = { exclusive: false, 'exclude-nodes': ['n2', 'n3', 'n4'], 'allocation-args': ['--mem=1G'] };
    const cluster = { ...point.cluster, ...own };
    const outcome = await sweepGpus({ ...point, cluster });
    judgeVisible(outcome, 'nvidia', { prefill: '4,5', decode: '6,7' });
    return 'the GPUs that the job has, and none of others';
  } finally {
    command('scancel', first);
  }
}
