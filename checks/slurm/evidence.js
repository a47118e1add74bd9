// @ts-check
import { readdirSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { nodeShell, ROOT } from './cluster.js';
import { nodesOf } from './config.js';
import { ours, stateOf, submit } from './jobs.js';
import { environmentOf, processes } from './process-table.js';
import { USER } from './user.js';

/** Jobs of others that no check may touch: one is called as ours are, the other is another user's. */
const BYSTANDERS = [
  ['--job-name=sweepline-0123456789abcdef0123456789abcdef-not', '--comment=sweepline:0123456789abcdef'],
  ['--job-name=sweepline', '--uid=nobody', '--gid=nogroup'],
];
/** Milliseconds for which what is ending may be seen. */
const SETTLE_MS = 20_000;

/** @returns {Promise<string[]>} their numbers */
export async function startBystanders() {
  const jobs = BYSTANDERS.map((own) => submit(...own, '--partition=others', '--chdir=/'));
  while (touched(jobs).length > 0) await delay(100);
  return jobs;
}

/** @param {readonly string[]} jobs @returns {string[]} what became of those that don't run */
export function touched(jobs) {
  return jobs.flatMap((job) => {
    const state = stateOf(job);
    return state === 'RUNNING' ? [] : [`job ${job} is ${state}`];
  });
}

/** What is left of ours: jobs, processes, folders on nodes, locks and parts of images. Waits while there is something. */
export async function leftBehind() {
  let left = look();
  for (const until = Date.now() + SETTLE_MS; left.length > 0 && Date.now() < until; left = look())
    await delay(500);
  return left;
}

function look() {
  const folders = nodesOf(4).flatMap(({ name }) =>
    ['root', USER.name].flatMap((user) =>
      list(`/proc/${nodeShell(name)}/root/tmp/sweepline-${user}`).filter((file) => file.endsWith('-node')),
    ),
  );
  const images = list(`${ROOT}/squash`).filter((file) => /\.(lock|part)$|\.lock\./.test(file));
  return [
    ...ours().map(({ job }) => `job ${job}`),
    ...processes().flatMap((one) =>
      isOurs(one) ? [`process ${one.pid}: ${one.commandLine.replaceAll('\0', ' ').slice(0, 200)}`] : [],
    ),
    ...folders,
    ...images,
  ];
}

/**
 * By the token in its environment: of agents' programs, sruns and guardians; this process has none.
 * @param {ReturnType<typeof processes>[number]} process
 */
function isOurs({ pid, commandLine }) {
  return commandLine.includes('agent.mjs') || environmentOf(pid).includes('SWEEPLINE_TOKEN=');
}

/** @param {string} folder */
function list(folder) {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
