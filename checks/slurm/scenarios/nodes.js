// @ts-check
/** @typedef {import('../scenarios.js').Scenario} Scenario */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { command, killNode, nodeShell, startNode } from '../cluster.js';
import { nodesOf } from '../config.js';
import { IMAGE, never, request, slurm } from '../lease.js';
import { killAgents } from '../process-table.js';
import { failing, firstOf, losing, lossOf, nodeOf } from './leases.js';

/** @type {readonly Scenario[]} */
export const NODES = [
  { title: 'node fails', kind: 'short', run: nodeFails },
  { title: 'node drained meanwhile', kind: 'short', run: drained },
  { title: 'node that is to be avoided', kind: 'short', run: avoided },
  { title: 'disk of a node full', kind: 'short', run: diskFull },
  { title: 'folder on a node that is another user’s', kind: 'short', run: foreignFolder },
  {
    title: 'node that is powered on and does not come',
    kind: 'short',
    run: () => failing({}, { partition: 'cloud' }, 'ALLOCATION_FAILED'),
  },
  { title: 'memory of a job used up on the host', kind: 'short', run: () => outOfMemory('host') },
  { title: 'memory of a job used up in a container', kind: 'short', run: () => outOfMemory(IMAGE) },
  { title: 'folders of temp-mounts: made, shared and removed', kind: 'short', run: temporaryFolders },
  { title: 'folder of temp-mounts that was there before', kind: 'short', run: folderOfOthers },
];

async function nodeFails() {
  const said = await losing((job) => killNode(nodeOf(job)), /nodes? failed|can't be reached/);
  const down = command('sinfo', '-h', '-N', '-p', 'gpu', '-o', '%N %T')
    .split('\n')
    .find((line) => line.includes('down'));
  const name = down?.split(' ')[0] ?? '';
  startNode(name);
  command('scontrol', 'update', `nodename=${name}`, 'state=resume');
  return said;
}

async function drained() {
  const lease = await slurm.acquire(request(), never);
  const node = nodeOf(lease.handle);
  command('scontrol', 'update', `nodename=${node}`, 'state=drain', 'reason=check');
  try {
    const { stdout } = await firstOf(lease).run({ argv: ['echo', 'goes on'] }, never);
    assert.equal(stdout, 'goes on');
    const next = await slurm.acquire(request(), never);
    assert.notEqual(nodeOf(next.handle), node);
    await next[Symbol.asyncDispose]();
    return 'the lease goes on; the next one gets another node';
  } finally {
    await lease[Symbol.asyncDispose]();
    command('scontrol', 'update', `nodename=${node}`, 'state=resume');
  }
}

/** One that has failed in a sweep. */
async function avoided() {
  const first = await slurm.acquire(request(), never);
  const node = nodeOf(first.handle);
  const { name } = firstOf(first).node;
  await first[Symbol.asyncDispose]();
  const next = await slurm.acquire(request({ avoid: [name] }), never);
  try {
    assert.notEqual(nodeOf(next.handle), node);
    return `${node} had the first session, ${nodeOf(next.handle)} has the one that avoids it`;
  } finally {
    await next[Symbol.asyncDispose]();
  }
}

async function diskFull() {
  await onAllNodes(['mkdir', '-p', '/tmp/small']);
  await onAllNodes(['mount', '-t', 'tmpfs', '-o', 'size=20m', 'small', '/tmp/small']);
  return failing({}, { 'node-folder': '/tmp/small/sweepline' }, 'NODE_UNFIT', 'n');
}

/** @param {string[]} argv @returns {Promise<string>} the job's number */
async function onAllNodes(argv) {
  const lease = await slurm.acquire(request({ nodes: 4 }), never);
  for (const node of lease.executors) assert.equal((await node.run({ argv }, never)).exit.code, 0);
  await lease[Symbol.asyncDispose]();
  return lease.handle;
}

async function foreignFolder() {
  await onAllNodes(['install', '-d', '-o', 'nobody', '/tmp/foreign']);
  return failing({}, { 'node-folder': '/tmp/foreign' }, 'NODE_UNFIT', 'n');
}

const TEMPORARY = { 'temp-mounts': { '/tmp/made-XXXXXX/a b': '/a', '/mnt/slurm/shared-XXXXXX': '/b' } };

/** Also where the agent is killed, and where nodes share the folder. */
async function temporaryFolders() {
  for (const isKilled of [false, true]) {
    const lease = await slurm.acquire(request({ nodes: 2 }, TEMPORARY), never);
    const folders = [`/tmp/made-${lease.handle}/a b`, `/mnt/slurm/shared-${lease.handle}`];
    for (const node of lease.executors)
      assert.equal((await node.run({ argv: ['ls', ...folders] }, never)).exit.code, 0);
    if (isKilled) killAgents();
    await lease[Symbol.asyncDispose]();
    const left = nodesOf(4).flatMap(({ name }) =>
      folders.filter((folder) => existsSync(`/proc/${nodeShell(name)}/root${folder.replace('/a b', '')}`)),
    );
    assert.deepEqual(left, []);
  }
  // What a killed agent leaves of its own is removed by the next.
  await onAllNodes(['true']);
  return 'none is left, also of agents that were killed';
}

async function folderOfOthers() {
  const job = await onAllNodes(['true']);
  const next = `/tmp/made-${Number(job) + 2}`;
  await onAllNodes(['install', '-D', '/dev/null', `${next}/theirs`]);
  const outcome = await failing({}, TEMPORARY, 'NODE_UNFIT', 'n');
  assert(existsSync(`/proc/${nodeShell('n1')}/root${next}/theirs`), 'it was removed');
  return outcome;
}

/** Takes more memory than the job has, and then does nothing. */
const GREEDY = 'const held = Buffer.alloc(2 ** 30, 1); setInterval(() => held, 1000)';

/** @param {string} image */
async function outOfMemory(image) {
  const options = { 'allocation-args': ['--mem=500'], writable: true };
  const lease = await slurm.acquire(request({}, options), never);
  try {
    const first = firstOf(lease);
    const container = image === 'host' ? {} : { container: { image } };
    const argv = ['/usr/bin/node', '-e', GREEDY];
    const server = await first.spawn({ argv, ...container, log: `${first.workDir}/log` }, never);
    const exit = await server.exited;
    const loss = await Promise.race([lease.lost?.then(lossOf), delay(0).then(() => undefined)]);
    const lost = loss?.reason;
    // On the host the agent is ended with what it started, in a container the step alone.
    if (image === 'host') assert.match(lost ?? '', /^the job's memory was used up on n\d/);
    else assert.equal(exit.outOfMemory, true, server.errorTail());
    return lost ?? `the server ended for want of memory (exit code ${exit.code}); the lease goes on`;
  } finally {
    await lease[Symbol.asyncDispose]();
    // What a killed agent leaves of its own is removed by the next.
    await onAllNodes(['true']);
  }
}
