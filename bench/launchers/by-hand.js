// @ts-check
/** The steps of a session as a script takes them, one per launcher, with the commands that `sweepline plan` prints. */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';

/**
 * @typedef {{ argv: string[], env: Record<string, string> }} Command
 * @typedef {{ server: Command, launch: readonly Command[], baseUrl: string, folder: string }} Plan
 * @typedef {{ load: (argv: readonly string[]) => Promise<unknown>, end: () => Promise<unknown> }} Session
 * @typedef {(plan: Plan) => Promise<Session>} Begin
 */

/** Milliseconds between two looks whether a server is ready: as Sweepline looks. */
const READY_MS = 50;
/** The same on a node; its argument is the address. */
const READY = 'until busybox wget -q -O /dev/null "$1"; do sleep 0.05; done';
/** Milliseconds between two looks at a job. */
const JOB_MS = 200;

const execute = promisify(execFile);
/** @param {readonly string[]} argv @returns {Promise<string>} */
const run = async ([file = '', ...args]) => (await execute(file, args)).stdout.trim();

/** @type {Begin} */
export async function onThisMachine({ server, baseUrl, folder }) {
  const process = start(server.argv, folder);
  await Promise.race([ready(baseUrl), process.died]);
  return { load: run, end: process.end };
}

/** @type {Begin} */
export async function inContainer({ launch, baseUrl, folder }) {
  const argv = launch.at(-1)?.argv ?? [];
  const options = argv.slice(3).map((argument) => argument.replaceAll('{workspace}', folder));
  const container = await run(['docker', 'create', ...options]);
  await run(['docker', 'start', container]);
  await ready(baseUrl);
  return {
    load: run,
    async end() {
      await run(['docker', 'kill', '--signal=TERM', container]);
      await run(['docker', 'wait', container]);
      await run(['docker', 'rm', container]);
    },
  };
}

/** @type {Begin} */
export async function inJob({ launch, server, baseUrl, folder }) {
  const submit = launch.find(({ argv: [program] }) => program === 'sbatch');
  const job = await run((submit?.argv ?? []).map((argument) => argument.replaceAll('{token}', 'by-hand')));
  while ((await stateOf(job)) !== 'RUNNING') await delay(JOB_MS);
  const step = [
    'srun',
    `--jobid=${job}`,
    '--overlap',
    '--nodes=1',
    '--ntasks=1',
    '--relative=0',
    '--chdir=/',
  ];
  const process = start([...step, ...server.argv], folder);
  await Promise.race([run([...step, 'sh', '-c', READY, 'ready', `${baseUrl}/health`]), process.died]);
  return {
    load: (argv) => run([...step, ...argv]),
    async end() {
      await run(['scancel', job]);
      await process.exited;
      while (['RUNNING', 'COMPLETING'].includes(await stateOf(job))) await delay(JOB_MS);
    },
  };
}

/** @param {string} job */
function stateOf(job) {
  return run(['squeue', '--noheader', `--jobs=${job}`, '--states=all', '--format=%T']);
}

/** @param {readonly string[]} argv @param {string} cwd */
function start([file = '', ...args], cwd) {
  // A pipe that stays open: servers may take its end for theirs.
  const child = spawn(file, args, { cwd, stdio: ['pipe', 'ignore', 'ignore'] });
  const exited = once(child, 'exit');
  const died = exited.then(([code]) => Promise.reject(new Error(`${file} ended with ${code}`)));
  died.catch(() => {}); // what ends a server in time is not its death
  return {
    exited,
    died,
    end() {
      child.kill('SIGTERM');
      return exited;
    },
  };
}

/** @param {string} baseUrl */
async function ready(baseUrl) {
  const isReady = () =>
    fetch(`${baseUrl}/health`).then(
      ({ ok }) => ok,
      () => false,
    );
  while (!(await isReady())) await delay(READY_MS);
}
