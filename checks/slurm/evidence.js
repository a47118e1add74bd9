// @ts-check
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { command, nodeShell, ROOT } from './cluster.js';
import { nodesOf } from './config.js';

/** Jobs of others that no check may touch: one is called as ours are, the other is another user's. */
const BYSTANDERS = [
  ['--job-name=sweepline-0123456789abcdef0123456789abcdef-not', '--comment=sweepline:0123456789abcdef'],
  ['--job-name=sweepline', '--uid=nobody', '--gid=nogroup'],
];
/** Milliseconds for which what is ending may be seen. */
const SETTLE_MS = 20_000;

/** @returns {Promise<string[]>} their numbers */
export async function startBystanders() {
  const common = [
    '--parsable',
    '--partition=others',
    '--chdir=/',
    '--output=/dev/null',
    '--wrap=exec sleep infinity',
  ];
  const jobs = BYSTANDERS.map((own) => command('sbatch', ...own, ...common).trim());
  while (touched(jobs).length > 0) await delay(100);
  return jobs;
}

/** @param {readonly string[]} jobs @returns {string[]} what became of those that don't run */
export function touched(jobs) {
  return jobs.flatMap((job) => {
    const state = command('squeue', '-h', `--jobs=${job}`, '--states=all', '--format=%T').trim();
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
  const jobs = command('squeue', '-h', '--me', '--partition=gpu', '--format=%i|%j')
    .split('\n')
    .filter((line) => /\|sweepline-[0-9a-f]{32}$/.test(line));
  const processes = readdirSync('/proc').filter((pid) => /^\d+$/.test(pid) && isOurs(pid));
  const folders = nodesOf(4).flatMap(({ name }) =>
    list(`/proc/${nodeShell(name)}/root/tmp/sweepline-root`).filter((file) => file.endsWith('-node')),
  );
  const images = list(`${ROOT}/squash`).filter((file) => /\.(lock|part)$|\.lock\./.test(file));
  return [
    ...jobs.map((job) => `job ${job}`),
    ...processes.map((pid) => `process ${pid}`),
    ...folders,
    ...images,
  ];
}

/** By the token in its environment: of agents' programs, sruns and guardians; this process has none. @param {string} pid */
function isOurs(pid) {
  try {
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
    return (
      command.includes('agent.mjs') ||
      readFileSync(`/proc/${pid}/environ`, 'latin1').includes('SWEEPLINE_TOKEN=')
    );
  } catch {
    return false; // it has ended
  }
}

/** @param {string} folder */
function list(folder) {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
