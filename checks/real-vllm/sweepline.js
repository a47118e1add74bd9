// @ts-check
/** Runs this workspace's program as users do. It runs the code in dist, so build first. */
import { execFileSync, spawn } from 'node:child_process';
import { join, resolve } from 'node:path';

export const ROOT = resolve(import.meta.dirname, '../..');
const BIN = join(ROOT, 'packages/core/bin/sweepline.js');

/**
 * @typedef {{ readonly argv: readonly string[], readonly env: Readonly<Record<string, string>> }} Command
 * @typedef {Record<string, any>} Job
 * @typedef {object} Plan
 * @property {Job} job
 * @property {{ readonly reason: string }} [rejected]
 * @property {readonly Command[]} prepare
 * @property {readonly (Command & { readonly files: Readonly<Record<string, string>> })[]} processes
 * @property {readonly { readonly path: string, readonly timeoutS: number }[]} readiness
 * @property {{ readonly baseUrl: string }} endpoint
 * @property {Record<string, any>} client
 * @property {readonly string[]} [warnings]
 */

/** @param {readonly string[]} args @param {{ input?: string, env?: NodeJS.ProcessEnv, cwd?: string }} [options] stdout; stderr is shown if it fails. */
export function sweepline(args, options = {}) {
  return execFileSync(process.execPath, [BIN, ...args], {
    cwd: ROOT,
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
    stdio: ['pipe', 'pipe', 'pipe'],
    ...options,
  });
}

/**
 * The same, and shows its stderr while it runs. @param {readonly string[]} args @param {NodeJS.ProcessEnv} env @returns {Promise<{ code:
 * number | null, stdout: string }>}
 */
export function sweeplineShown(args, env) {
  return new Promise((settle, fail) => {
    const child = spawn(process.execPath, [BIN, ...args], {
      cwd: ROOT,
      env,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let stdout = '';
    child.stdout.setEncoding('utf8').on('data', (chunk) => (stdout += chunk));
    child.once('error', fail).once('close', (code) => settle({ code, stdout }));
  });
}

/** @param {readonly string[]} configs @returns {readonly Job[]} */
export function jobsOf(configs) {
  return JSON.parse(sweepline(['matrix', ...configs, '--framework', 'vllm']));
}

/** @param {readonly Job[]} jobs @param {readonly string[]} [flags] @returns {readonly Plan[]} */
export function plansOf(jobs, flags = []) {
  return JSON.parse(
    sweepline(['plan', '--matrix', '-', '--json', ...flags], { input: JSON.stringify(jobs) }),
  );
}
