// @ts-check
/** Runs Sweepline's command line and judges how it ended. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';

const CLI = resolve(import.meta.dirname, '../../packages/core/bin/sweepline.js');

/** Documented exit codes, except the one for defects (70). */
const KNOWN_CODES = [0, 1, 2, 3, 4, 5, 6, 7, 8];

/**
 * @typedef {{ code: number | null, signal: NodeJS.Signals | null, stdout: string, stderr: string, late: boolean }} Ended
 *
 * @param {readonly string[]} args
 * @param {{ cwd?: string, timeoutS?: number, env?: Record<string, string> }} [options]
 * @returns {Promise<Ended>}
 */
export async function cli(args, { cwd = process.cwd(), timeoutS = 60, env = {} } = {}) {
  const child = spawn(process.execPath, [CLI, ...args], {
    cwd,
    env: { ...process.env, NO_COLOR: '1', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = { stdout: '', stderr: '' };
  child.stdout.on('data', (data) => (output.stdout += data));
  child.stderr.on('data', (data) => (output.stderr += data));
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    child.kill('SIGKILL');
  }, timeoutS * 1000);
  const [code, signal] = await once(child, 'close');
  clearTimeout(timer);
  return { code, signal, late, ...output };
}

/** @param {Ended} ended @returns {string | undefined} What no input may bring about. */
export function defectOf({ code, signal, stdout, stderr, late }) {
  const said = (stderr || stdout).trim().slice(0, 300);
  if (late) return `did not end: ${said}`;
  if (signal !== null) return `was killed by ${signal}: ${said}`;
  if (code === null || !KNOWN_CODES.includes(code)) return `exit code ${code}: ${said}`;
  if (/\bINTERNAL\b|defect in Sweepline|^ {4}at .*:\d+:\d+\)?$/m.test(stderr))
    return `a defect was reported: ${said}`;
  if (code !== 0 && said === '') return `exit code ${code} without a message`;
  return undefined;
}
