// @ts-check
/**
 * What fails on clusters, provoked on one lease each. A scenario returns what was said; an assertion says what should have been.
 *
 * @typedef {object} Scenario
 * @property {string} title
 * @property {'short' | 'long' | 'import'} kind `import`: it needs enroot and a registry.
 * @property {() => Promise<string>} run
 */
import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { command, killNode, ROOT, slurmctld, startNode } from './cluster.js';
import { fill, ours, stateOf, submit, submitCommand } from './jobs.js';
import { IMAGE, never, request, slurm } from './lease.js';
import { processes } from './process-table.js';
import { REGISTRY } from './registry.js';

const SLEEP = { argv: ['sleep', '1000'] };
/** Seconds that a server and a lease may take to be ended. */
const END_S = 60;

/** @type {readonly Scenario[]} */
export const SCENARIOS = [
  {
    title: 'cancelled by another under a running server',
    kind: 'short',
    run: () => losing((job) => command('scancel', job), /cancelled by somebody/),
  },
  { title: 'cancelled by another in the queue', kind: 'short', run: cancelledInQueue },
  { title: 'stopped in the queue by the user', kind: 'short', run: stoppedInQueue },
  { title: 'preempted', kind: 'short', run: () => losing(preempt, /preempted/) },
  { title: 'put back into the queue by an operator', kind: 'short', run: requeued },
  { title: 'time limit', kind: 'long', run: () => losing(() => {}, /time limit/, { 'time-limit': 1 }) },
  { title: 'node fails', kind: 'short', run: nodeFails },
  { title: 'node drained meanwhile', kind: 'short', run: drained },
  { title: 'controller stands still while a server runs', kind: 'short', run: controllerStill },
  { title: 'controller stands still at the submission', kind: 'short', run: stillAtSubmission },
  {
    title: 'more nodes than there are',
    kind: 'short',
    run: () => failing({ nodes: 6 }, {}, 'PLAN_UNSUPPORTED'),
  },
  {
    title: 'partition that is not there',
    kind: 'short',
    run: () => failing({}, { partition: 'nowhere' }, 'ALLOCATION_FAILED'),
  },
  {
    title: 'disk of a node full',
    kind: 'short',
    run: diskFull,
  },
  { title: 'folder on a node that is another user’s', kind: 'short', run: foreignFolder },
  {
    title: 'squash file that is missing and not imported',
    kind: 'short',
    run: () => failing({ images: ['no/such:1'] }, { import: 'never' }, 'IMAGE_UNAVAILABLE', 'n'),
  },
  { title: 'left by a killed session: found by its whole token alone', kind: 'short', run: endsLeft },
  { title: 'two sessions import one image', kind: 'import', run: importsOnce },
  {
    title: 'import of a tag that is not there',
    kind: 'import',
    run: () => failing({ images: [`${REGISTRY}#tiny:99`] }, {}, 'IMAGE_UNAVAILABLE', 'n'),
  },
  { title: 'import killed half-way', kind: 'import', run: importKilled },
  { title: 'half a squash file of others', kind: 'import', run: halfFile },
];

/** @param {(job: string) => unknown} take @param {RegExp} words @param {Record<string, unknown>} [options] */
async function losing(take, words, options = {}) {
  const lease = await slurm.acquire(request({}, options), never);
  try {
    const server = await firstOf(lease).spawn({ ...SLEEP, log: `${firstOf(lease).workDir}/log` }, never);
    /** @type {string[]} */
    const order = [];
    const lost = lease.lost?.then((reason) => (order.push('lost'), reason));
    const ended = server.exited.then(() => order.push('ended'));
    const limit = AbortSignal.timeout((END_S + 70) * 1000);
    await take(lease.handle);
    const reason = await Promise.race([lost, rejected(limit)]);
    await ended;
    assert.deepEqual(order, ['lost', 'ended'], 'the server is blamed before the nodes are');
    assert.match(String(reason), words);
    return `LEASE_LOST: ${reason}`;
  } finally {
    await lease[Symbol.asyncDispose]();
  }
}

/** @param {Parameters<typeof request>[0]} more @param {Record<string, unknown>} options @param {string} code @param {string} [node] */
async function failing(more, options, code, node) {
  const error = await errorOf(() => slurm.acquire(request(more, options), never));
  assert.equal(error.code, code, error.message);
  if (node !== undefined) assert.match(error.where.node ?? '', new RegExp(`^${node}`), 'it names no node');
  return said(error);
}

async function cancelledInQueue() {
  return whileFull(async () => {
    const error = await errorOf(() =>
      slurm.acquire(request({ onNote: (note) => /Resources|Priority/.test(note) && cancelOurs() }), never),
    );
    assert.equal(error.code, 'ALLOCATION_FAILED');
    return said(error);
  });
}

async function stoppedInQueue() {
  return whileFull(async () => {
    const stop = new AbortController();
    const started = Date.now();
    const error = await errorOf(() =>
      slurm.acquire(request({ onNote: () => stop.abort(new Error('stopped')) }), stop.signal),
    );
    assert.equal(error.message, 'stopped');
    return `stopped after ${((Date.now() - started) / 1000).toFixed(0)} s`;
  });
}

/** @template T @param {() => Promise<T>} use */
async function whileFull(use) {
  const job = fill();
  await running(job);
  try {
    return await use();
  } finally {
    command('scancel', job);
  }
}

function cancelOurs() {
  for (const { job, state } of ours()) if (state === 'PENDING') command('scancel', job);
}

async function preempt() {
  await running(submitCommand('exec sleep 3', '--partition=urgent', '--nodes=4', '--exclusive'));
}

async function requeued() {
  return losing((job) => {
    assert.throws(
      () => command('scontrol', 'requeue', job),
      /disabled|not permitted|Requested operation/,
      'Slurm requeues the job',
    );
    command('scancel', job);
  }, /cancelled/).then(() => 'Slurm refuses: the job is submitted with --no-requeue');
}

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

async function controllerStill() {
  const lease = await slurm.acquire(request(), never);
  let isLost = false;
  void lease.lost?.then(() => (isLost = true));
  process.kill(slurmctld(), 'SIGSTOP');
  try {
    for (let left = 12; left > 0; left--) {
      await delay(5_000);
      const { stdout } = await firstOf(lease).run({ argv: ['echo', 'goes on'] }, never);
      assert.equal(stdout, 'goes on');
    }
  } finally {
    process.kill(slurmctld(), 'SIGCONT');
  }
  await delay(12_000);
  assert.equal(isLost, false, 'a controller that does not answer has cost the nodes');
  await lease[Symbol.asyncDispose]();
  return 'a minute without an answer; the lease goes on';
}

async function stillAtSubmission() {
  const before = command('squeue', '-h', '--me', '--states=all', '--format=%i').split('\n').length;
  process.kill(slurmctld(), 'SIGSTOP');
  const acquiring = slurm.acquire(request(), never);
  await delay(9_000);
  process.kill(slurmctld(), 'SIGCONT');
  const lease = await acquiring;
  await lease[Symbol.asyncDispose]();
  const jobs = command('squeue', '-h', '--me', '--states=all', '--format=%i').split('\n').length - before;
  assert.equal(jobs, 1, `${jobs} jobs were submitted`);
  return 'sbatch timed out, its job was found by its token; one job';
}

async function diskFull() {
  await onAllNodes(['mkdir', '-p', '/tmp/small']);
  await onAllNodes(['mount', '-t', 'tmpfs', '-o', 'size=20m', 'small', '/tmp/small']);
  return failing({}, { 'node-folder': '/tmp/small/sweepline' }, 'NODE_UNFIT', 'n');
}

/** @param {string[]} argv */
async function onAllNodes(argv) {
  const lease = await slurm.acquire(request({ nodes: 4 }), never);
  for (const node of lease.executors) assert.equal((await node.run({ argv }, never)).exit.code, 0);
  await lease[Symbol.asyncDispose]();
}

async function foreignFolder() {
  await onAllNodes(['install', '-d', '-o', 'nobody', '/tmp/foreign']);
  return failing({}, { 'node-folder': '/tmp/foreign' }, 'NODE_UNFIT', 'n');
}

async function endsLeft() {
  const asked = request();
  const job = submit(`--job-name=sweepline-${asked.token}`);
  const near = submit(`--job-name=sweepline-${asked.token}x`, '--partition=others');
  await running(near);
  const left = { token: asked.token, runner: asked.runner };
  const said = await slurm.endLeft?.(left, never);
  assert.deepEqual(said, [`Slurm's job ${job}`]);
  assert.equal(stateOf(near), 'RUNNING');
  command('scancel', near);
  return said?.join() ?? '';
}

async function importsOnce() {
  forget();
  /** @type {string[]} */
  const notes = [];
  const leases = await Promise.all(
    [2, 1].map((nodes) =>
      slurm.acquire(request({ nodes, images: [IMAGE], onNote: (note) => notes.push(note) }), never),
    ),
  );
  const ran = await Promise.all(
    leases.map(({ executors }) =>
      executors.at(-1)?.run({ argv: ['true'], container: { image: IMAGE } }, never),
    ),
  );
  for (const lease of leases) await lease[Symbol.asyncDispose]();
  assert.deepEqual(
    ran.map((output) => output?.exit.code),
    [0, 0],
  );
  const imports = notes.filter((note) => note.includes('is imported to'));
  assert.equal(imports.length, 1, notes.join('\n'));
  return `${imports.length} import for three nodes; ${notes.find((note) => / imports /.test(note))}`;
}

async function importKilled() {
  forget();
  const stop = new AbortController();
  const dying = slurm.acquire(
    request({
      images: [IMAGE],
      onNote: (note) => note.includes('is imported to') && killImporter(),
    }),
    stop.signal,
  );
  const error = await errorOf(() => dying);
  const lease = await slurm.acquire(request({ images: [IMAGE] }), never);
  await lease[Symbol.asyncDispose]();
  return said(error);
}

/** Once it imports: the job ends with its agent, and with what that would have tidied up. */
async function killImporter() {
  const isImporting = () => processes().some(({ commandLine }) => commandLine.includes('\0import\0'));
  while (!isImporting()) await delay(20);
  for (const { pid, commandLine } of processes())
    if (commandLine.includes('agent.mjs')) process.kill(Number(pid), 'SIGKILL');
}

async function halfFile() {
  forget();
  writeFileSync(squash(), 'half of a file');
  const lease = await slurm.acquire(request({ images: [IMAGE] }), never);
  const { exit } = await firstOf(lease).run({ argv: ['true'], container: { image: IMAGE } }, never);
  await lease[Symbol.asyncDispose]();
  assert.equal(exit.code, 0);
  return 'imported anew, in its place by one rename';
}

function squash() {
  return `${ROOT}/squash/${IMAGE.replaceAll(/[/:@#]/g, '_')}.sqsh`;
}

function forget() {
  for (const file of [squash(), `${squash()}.digest`]) rmSync(file, { force: true });
}

/** @param {import('@sweepline/core').NodeLease} lease */
function firstOf({ executors: [first] }) {
  assert(first);
  return first;
}

/** @param {string} job */
function nodeOf(job) {
  return command('squeue', '-h', `--jobs=${job}`, '--format=%N').trim();
}

/** @param {string} job */
async function running(job) {
  for (let left = END_S * 10; stateOf(job) === 'PENDING' && left > 0; left--) await delay(100);
}

/** @param {AbortSignal} signal @returns {Promise<never>} */
function rejected(signal) {
  return new Promise((_, reject) =>
    signal.addEventListener('abort', () => reject(new Error('the nodes are not said to be lost'))),
  );
}

/** @param {() => Promise<unknown>} work @returns {Promise<import('@sweepline/core').SweeplineError>} */
async function errorOf(work) {
  try {
    await work();
  } catch (thrown) {
    return /** @type {import('@sweepline/core').SweeplineError} */ (thrown);
  }
  throw new Error('nothing failed');
}

/** @param {import('@sweepline/core').SweeplineError} error */
function said({ code, message, where, hint }) {
  return `${code}: ${message}${where.node === undefined ? '' : ` (node ${where.node})`} → ${hint}`;
}
