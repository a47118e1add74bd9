// @ts-check
/** Python environments of the peers, made once and kept. */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { prepareEnvironment, SERVED } from '../real-vllm/environment.js';

/** @typedef {'aiperf' | 'guidellm' | 'vllm'} PeerName */

/** Releases that were the newest on PyPI when the figures of docs/methodology.md were taken; vLLM's is that of checks/real-vllm. */
export const VERSIONS = { aiperf: '0.13.0', guidellm: '0.8.1', vllm: SERVED };

/** Pythons that all of them have wheels for. */
const PYTHONS = ['python3.12', 'python3.11', 'python3'];
const SUPPORTED = /^Python 3\.1[12]\./;
const INSTALL_TIMEOUT_MS = 20 * 60_000;
const CACHE = process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache');

/** @param {PeerName} name @returns {{ command: string, env: Readonly<Record<string, string>> }} The peer's program. @throws {Error} Why it can't be had. */
export function preparePeer(name) {
  if (name === 'vllm') {
    const { env } = prepareEnvironment();
    const wanted = Object.entries(env).filter(([key]) => /^(HF_|VLLM_|OMP_)/.test(key));
    return {
      command: join(String(env['PATH']).split(':')[0] ?? '', 'vllm'),
      env: Object.fromEntries(wanted.map(([key, value]) => [key, String(value)])),
    };
  }
  const venv = resolve(process.env['SWEEPLINE_PEERS_VENV'] ?? join(CACHE, 'sweepline/peers'), name);
  const python = join(venv, 'bin/python');
  if (!existsSync(python)) attempt(findPython(), ['-m', 'venv', venv]);
  if (!hasVersion(python, name)) {
    attempt(python, [
      '-m',
      'pip',
      'install',
      '-q',
      '--disable-pip-version-check',
      `${name}==${VERSIONS[name]}`,
    ]);
  }
  return { command: join(venv, 'bin', name), env: {} };
}

/** @param {string} python @param {'aiperf' | 'guidellm'} name */
function hasVersion(python, name) {
  const code = `from importlib.metadata import version; print(version('${name}'))`;
  try {
    return execFileSync(python, ['-c', code], { encoding: 'utf8', stdio: 'pipe' }).trim() === VERSIONS[name];
  } catch {
    return false;
  }
}

function findPython() {
  const found = PYTHONS.find((name) => SUPPORTED.test(versionOf(name)));
  if (found === undefined) throw new Error(`no Python 3.11 or 3.12 among ${PYTHONS.join(', ')}`);
  return found;
}

/** @param {string} name */
function versionOf(name) {
  try {
    return execFileSync(name, ['--version'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  } catch {
    return '';
  }
}

/** @param {string} command @param {readonly string[]} args */
function attempt(command, args) {
  try {
    execFileSync(command, args, { stdio: ['ignore', 2, 'pipe'], timeout: INSTALL_TIMEOUT_MS });
  } catch (thrown) {
    const said =
      thrown instanceof Error && 'stderr' in thrown ? String(thrown.stderr).trim() : String(thrown);
    throw new Error(`${command} ${args.slice(0, 3).join(' ')} …: ${said.split('\n').at(-1)}`);
  }
}
