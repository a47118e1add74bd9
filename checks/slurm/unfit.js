// @ts-check
/**
 * Nodes on which a server can't be measured, provoked. What is said names the node.
 *
 * @typedef {import('./scenarios.js').Scenario} Scenario
 * @typedef {{ code: string, message: string, where?: string, hint?: string }} Failure as a result has it
 */
import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { once } from 'node:events';
import { readRun } from '@sweepline/core';
import { command, nodeShell, ROOT } from './cluster.js';
import { nodesOf } from './config.js';
import { ours } from './jobs.js';
import { IMAGE, never, request, slurm } from './lease.js';
import { makeWorkspace, startSweep, until } from './workspace.js';

const PORT = 18_765;

/** @type {readonly Scenario[]} */
export const UNFIT = [
  { title: 'model of which a file is missing', kind: 'short', run: modelIncomplete },
  { title: 'port on which the server of somebody else answers', kind: 'short', run: portTaken },
  { title: 'disk of a node that fills under load', kind: 'long', run: diskFills },
  { title: 'disk too small for an import', kind: 'import', run: importTooLarge },
];

async function modelIncomplete() {
  const snapshot = `${ROOT}/hub/models--synthetic:17m/snapshots/r1`;
  mkdirSync(snapshot, { recursive: true });
  writeFileSync(`${snapshot}/config.json`, '{}');
  const index = { weight_map: { 'lm_head.weight': 'model-00002-of-00002.safetensors' } };
  writeFileSync(`${snapshot}/model.safetensors.index.json`, JSON.stringify(index));
  const errors = await errorsOf(makeWorkspace({ cluster: { 'hf-cache': `${ROOT}/hub` } }));
  return said(errors, 'MODEL_INCOMPLETE', /model-00002-of-00002/);
}

async function portTaken() {
  const other = createServer((_, response) => response.end('ok')).listen(PORT, '127.0.0.1');
  await once(other, 'listening');
  try {
    const errors = await errorsOf(makeWorkspace({ options: { port: PORT } }));
    assert(other.listening, 'the other server goes on');
    return said(errors, 'SERVER_PORT_IN_USE', new RegExp(String(PORT)));
  } finally {
    other.close();
  }
}

/** The node has room enough until the load has begun. */
async function diskFills() {
  const folder = '/tmp/filling';
  for (const { name } of nodesOf(4))
    onNode(name, 'sh', '-c', `mkdir ${folder} && mount -t tmpfs -o size=800m none ${folder}`);
  const workspace = makeWorkspace({ cluster: { 'node-folder': `${folder}/sweepline` } });
  const errors = await errorsOf(workspace, () => {
    const node = command('squeue', '-h', `--jobs=${ours()[0]?.job ?? ''}`, '--format=%N').trim();
    onNode(node, 'sh', '-c', `dd if=/dev/zero of=${folder}/fill bs=1M 2>/dev/null || true`);
  });
  for (const { name } of nodesOf(4)) onNode(name, 'umount', '--lazy', folder);
  return said(errors, 'NODE_UNFIT', /full|no space/i);
}

async function importTooLarge() {
  const folder = '/tmp/small-squash';
  for (const { name } of nodesOf(4))
    onNode(name, 'sh', '-c', `mkdir ${folder} && mount -t tmpfs -o size=8m none ${folder}`);
  const asked = request({ images: [IMAGE] }, { squash: `${folder}/{image-name}.sqsh` });
  /** @type {Failure[]} */
  const errors = [];
  await slurm.acquire(asked, never).then(
    (lease) => lease[Symbol.asyncDispose](),
    (error) =>
      errors.push({
        code: error.code,
        message: error.message,
        where: `node ${error.where.node}`,
        hint: error.hint,
      }),
  );
  const left = nodesOf(4).flatMap(({ name }) => onNode(name, 'ls', folder).split('\n').filter(Boolean));
  assert.deepEqual(left, [], 'a part of the image is left');
  return said(errors, 'IMAGE_UNAVAILABLE', /write to output filesystem/);
}

/** @param {string} name @param {string[]} argv */
function onNode(name, ...argv) {
  return command('nsenter', `--target=${nodeShell(name)}`, '--mount', '--pid', ...argv);
}

/** Of a sweep's results, once it has ended. @param {string} folder @param {() => void} [underLoad] */
async function errorsOf(folder, underLoad) {
  const { ended, said } = startSweep(folder);
  if (underLoad !== undefined) {
    await until(() => said().includes('loading'), said);
    underLoad();
  }
  await ended;
  const [name = ''] = readdirSync(`${folder}/results`);
  const { results } = await readRun(`${folder}/results/${name}`);
  return results.flatMap((result) => ('error' in result ? [result.error] : []));
}

/** @param {readonly Failure[]} errors @param {string} code @param {RegExp} words */
function said([error], code, words) {
  assert.equal(error?.code, code, JSON.stringify(error));
  assert.match(error.message, words);
  assert.match(error.where ?? '', /\bn\d\b/, 'it names no node');
  return `${code}: ${error.message} (${error.where}) → ${error.hint}`;
}
