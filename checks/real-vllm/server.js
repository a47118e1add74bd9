// @ts-check
/** A server started from a printed plan, as if a person had copied it. */
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** @type {readonly NodeJS.Signals[]} */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];
const STOP_TIMEOUT_MS = 30_000;
/** Seconds; plans allow time for models of hundreds of GB. */
const READY_TIMEOUT_S = 300;

/**
 * @param {import('./sweepline.js').Plan} plan @param {NodeJS.ProcessEnv} env @param {string} folder
 * @returns {Promise<{ baseUrl: string, stop: () => Promise<void> }>} Once it is ready.
 */
export async function startServer(plan, env, folder) {
  const [server] = plan.processes;
  const [probe] = plan.readiness;
  if (server === undefined || probe === undefined) throw new Error('the plan has no server');
  const { argv, env: own, files } = server;
  const [program = '', ...args] = argv;
  for (const { argv: command, env: added } of plan.prepare) run(command, { ...env, ...added }, folder);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  const log = join(folder, 'server.log');
  const fd = openSync(log, 'w');
  // In its own process group, because vLLM starts other processes.
  const child = spawn(program, args, {
    cwd: folder,
    env: { ...env, ...own },
    detached: true,
    stdio: ['ignore', fd, fd],
  });
  const exited = new Promise((settle) => child.once('exit', settle).once('error', settle));
  const killAll = () => child.pid !== undefined && signal(child.pid, 'SIGKILL');
  process.once('exit', killAll);
  for (const name of SIGNALS) process.once(name, () => process.exit(130));
  const stop = () => stopGroup(child.pid, exited).finally(() => process.off('exit', killAll));
  // The plan doesn't say which host that will be.
  const baseUrl = plan.endpoint.baseUrl.replace(/\{host:[^}]*\}/, '127.0.0.1');
  try {
    await ready(baseUrl + probe.path, () => child.exitCode !== null || child.pid === undefined);
  } catch (thrown) {
    await stop();
    throw new Error(
      `${thrown instanceof Error ? thrown.message : thrown}\n${readFileSync(log, 'utf8').slice(-2000)}`,
    );
  }
  return { baseUrl, stop };
}

/** @param {readonly string[]} argv @param {NodeJS.ProcessEnv} env @param {string} cwd */
function run([command = '', ...args], env, cwd) {
  execFileSync(command, args, { cwd, env, stdio: ['ignore', 'ignore', 'inherit'] });
}

/** @param {string} url @param {() => boolean} hasEnded */
async function ready(url, hasEnded) {
  const deadline = Date.now() + READY_TIMEOUT_S * 1000;
  while (!(await answers(url))) {
    if (hasEnded()) throw new Error('the server ended before it was ready');
    if (Date.now() > deadline) throw new Error(`the server was not ready within ${READY_TIMEOUT_S} s`);
    await sleep(500);
  }
}

/** @param {string} url */
async function answers(url) {
  try {
    return (await fetch(url)).ok;
  } catch {
    return false;
  }
}

/** @param {number | undefined} pid @param {Promise<unknown>} exited */
async function stopGroup(pid, exited) {
  if (pid === undefined) return;
  signal(pid, 'SIGTERM');
  await Promise.race([exited, sleep(STOP_TIMEOUT_MS, undefined, { ref: false })]);
  signal(pid, 'SIGKILL');
}

/** @param {number} pid @param {NodeJS.Signals} name */
function signal(pid, name) {
  try {
    process.kill(-pid, name);
  } catch {
    // Nothing of the group is left.
  }
}
