// @ts-check
/** @typedef {import('../scenarios.js').Scenario} Scenario */
import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { command, slurmctld } from '../cluster.js';
import { fill, ours, stateOf, submit, submitCommand } from '../jobs.js';
import { never, request, slurm } from '../lease.js';
import { errorOf, failing, firstOf, losing, running, said } from './leases.js';

/** @type {readonly Scenario[]} */
export const ALLOCATION = [
  {
    title: 'cancelled by another under a running server',
    kind: 'short',
    run: () => losing((job) => command('scancel', job), /cancelled by somebody/),
  },
  { title: 'cancelled by another in the queue', kind: 'short', run: cancelledInQueue },
  { title: 'stopped in the queue by the user', kind: 'short', run: stoppedInQueue },
  { title: 'preempted', kind: 'short', run: () => losing(preempt, /preempted/) },
  { title: 'put back into the queue by an operator', kind: 'short', run: requeued },
  {
    title: 'time limit',
    kind: 'long',
    run: () => losing(() => {}, /time limit/, { 'time-limit': 1 }, false),
  },
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
  { title: 'left by a killed session: found by its whole token alone', kind: 'short', run: endsLeft },
];

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
