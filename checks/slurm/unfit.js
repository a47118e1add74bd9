// @ts-check
/**
 * Nodes on which a server can't be measured, provoked. What is said names the node.
 *
 * @typedef {import('./scenarios.js').Scenario} Scenario
 * @typedef {{ code: string, message: string, where?: string, hint?: string }} Failure as a result has it
 */
import assert from 'node:assert/strict';
import { makeIncompleteModel } from '../incomplete-model.js';
import { ROOT } from './cluster.js';
import { ours } from './jobs.js';
import { IMAGE, never, request, slurm } from './lease.js';
import { besideOthers, NODES, onNode } from './nodes.js';
import { errorOf, nodeOf, said } from './scenarios/leases.js';
import { makeWorkspace, runOf, startSweep, until } from './workspace.js';

const PORT = 18_765;

/** @type {readonly Scenario[]} */
export const UNFIT = [
  { title: 'model of which a file is missing', kind: 'short', run: modelIncomplete },
  { title: 'port on which the server of somebody else answers', kind: 'short', run: portTaken },
  { title: 'disk of a node that fills under load', kind: 'long', run: diskFills },
  { title: 'disk too small for an import', kind: 'import', run: importTooLarge },
];

async function modelIncomplete() {
  const missing = makeIncompleteModel(`${ROOT}/hub`, 'synthetic:17m');
  const errors = await errorsOf(makeWorkspace({ cluster: { 'hf-cache': `${ROOT}/hub` } }));
  return saidOf(errors, 'MODEL_INCOMPLETE', new RegExp(missing));
}

function portTaken() {
  return besideOthers(PORT, async (others) => {
    const errors = await errorsOf(makeWorkspace({ options: { port: PORT } }));
    assert(
      others.every(({ exitCode, signalCode }) => exitCode === null && signalCode === null),
      'the other servers go on',
    );
    return saidOf(errors, 'SERVER_PORT_IN_USE', new RegExp(String(PORT)));
  });
}

/** The node has room enough until the load has begun. */
async function diskFills() {
  const folder = '/tmp/filling';
  mountOnNodes(folder, '800m');
  const workspace = makeWorkspace({ cluster: { 'node-folder': `${folder}/sweepline` } });
  const errors = await errorsOf(workspace, () => {
    onNode(
      nodeOf(ours()[0]?.job ?? ''),
      'sh',
      '-c',
      `dd if=/dev/zero of=${folder}/fill bs=1M 2>/dev/null || true`,
    );
  });
  for (const name of NODES) onNode(name, 'umount', '--lazy', folder);
  return saidOf(errors, 'NODE_UNFIT', /full|no space/i);
}

async function importTooLarge() {
  const folder = '/tmp/small-squash';
  mountOnNodes(folder, '8m');
  const asked = request({ images: [IMAGE] }, { squash: `${folder}/{image-name}.sqsh` });
  const error = await errorOf(() => slurm.acquire(asked, never));
  assert.equal(error.code, 'IMAGE_UNAVAILABLE', error.message);
  assert.match(error.message, /write to output filesystem/);
  assert.match(error.where.node ?? '', /^n\d$/, 'it names no node');
  const left = NODES.flatMap((name) => onNode(name, 'ls', folder).split('\n').filter(Boolean));
  assert.deepEqual(left, [], 'a part of the image is left');
  return said(error);
}

/** @param {string} folder @param {string} size */
function mountOnNodes(folder, size) {
  for (const name of NODES)
    onNode(name, 'sh', '-c', `mkdir ${folder} && mount -t tmpfs -o size=${size} none ${folder}`);
}

/** Of a sweep's results, once it has ended. @param {string} folder @param {() => void} [underLoad] */
async function errorsOf(folder, underLoad) {
  const { ended, said } = startSweep(folder);
  if (underLoad !== undefined) {
    await until(() => said().includes('loading'), said);
    underLoad();
  }
  await ended;
  const { results } = await runOf(folder);
  return results.flatMap((result) => ('error' in result ? [result.error] : []));
}

/** @param {readonly Failure[]} errors @param {string} code @param {RegExp} words */
function saidOf([error], code, words) {
  assert.equal(error?.code, code, JSON.stringify(error));
  assert.match(error.message, words);
  assert.match(error.where ?? '', /\bn\d\b/, 'it names no node');
  return `${code}: ${error.message} (${error.where}) → ${error.hint}`;
}
