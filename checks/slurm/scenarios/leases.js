// @ts-check
/** What scenarios on one lease have alike. */
import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { command } from '../cluster.js';
import { stateOf } from '../jobs.js';
import { never, request, slurm } from '../lease.js';

const SLEEP = { argv: ['sleep', '1000'] };
/** Seconds that a server and a lease may take to be ended. */
const END_S = 60;

/**
 * @param {(job: string) => unknown} take @param {RegExp} words @param {Record<string, unknown>} [options]
 * @param {boolean} [again] whether it is tried again
 */
export async function losing(take, words, options = {}, again = true) {
  const lease = await slurm.acquire(request({}, options), never);
  try {
    const server = await firstOf(lease).spawn({ ...SLEEP, log: `${firstOf(lease).workDir}/log` }, never);
    /** @type {string[]} */
    const order = [];
    const lost = lease.lost?.then((loss) => (order.push('lost'), lossOf(loss)));
    const ended = server.exited.then(() => order.push('ended'));
    const limit = AbortSignal.timeout((END_S + 70) * 1000);
    await take(lease.handle);
    const loss = await Promise.race([lost, rejected(limit)]);
    await ended;
    assert.deepEqual(order, ['lost', 'ended'], 'the server is blamed before the nodes are');
    assert.match(loss?.reason ?? '', words);
    assert.equal(loss?.again ?? true, again, 'it is wrong on whether to try again');
    return `LEASE_LOST: ${loss?.reason}`;
  } finally {
    await lease[Symbol.asyncDispose]();
  }
}

/** @param {Parameters<typeof request>[0]} more @param {Record<string, unknown>} options @param {string} code @param {string} [node] */
export async function failing(more, options, code, node) {
  const error = await errorOf(() => slurm.acquire(request(more, options), never));
  assert.equal(error.code, code, error.message);
  if (node !== undefined) assert.match(error.where.node ?? '', new RegExp(`^${node}`), 'it names no node');
  return said(error);
}

/** @param {string} job */
export function nodeOf(job) {
  return command('squeue', '-h', `--jobs=${job}`, '--format=%N').trim();
}

/** @param {string} job */
export async function running(job) {
  for (let left = END_S * 10; stateOf(job) === 'PENDING' && left > 0; left--) await delay(100);
}

/** @param {string | import('@sweepline/core').Loss} loss @returns {import('@sweepline/core').Loss} */
export function lossOf(loss) {
  return typeof loss === 'string' ? { reason: loss } : loss;
}

/** @param {import('@sweepline/core').NodeLease} lease */
export function firstOf({ executors: [first] }) {
  assert(first);
  return first;
}

/** @param {() => Promise<unknown>} work @returns {Promise<import('@sweepline/core').SweeplineError>} */
export async function errorOf(work) {
  try {
    await work();
  } catch (thrown) {
    return /** @type {import('@sweepline/core').SweeplineError} */ (thrown);
  }
  throw new Error('nothing failed');
}

/** @param {import('@sweepline/core').SweeplineError} error */
export function said({ code, message, where, hint }) {
  return `${code}: ${message}${where.node === undefined ? '' : ` (node ${where.node})`} → ${hint}`;
}

/** @param {AbortSignal} signal @returns {Promise<never>} */
function rejected(signal) {
  return new Promise((_, reject) =>
    signal.addEventListener('abort', () => reject(new Error('the nodes are not said to be lost'))),
  );
}
