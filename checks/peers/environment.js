// @ts-check
/** The clients' programs: this workspace's, and those in Python environments that are made once and kept. */
import { execFileSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { CACHE, pipInstall, venvPython } from '../python.js';
import { prepareEnvironment, SERVED } from '../real-vllm/environment.js';

/** @typedef {'sweepline' | 'aiperf' | 'guidellm' | 'vllm'} PeerName */

/** The newest releases on PyPI when the figures of docs/methodology.md were measured; vLLM's is that of checks/real-vllm. */
export const VERSIONS = { aiperf: '0.13.0', guidellm: '0.8.1', vllm: SERVED };

const SWEEPLINE = resolve(import.meta.dirname, '../../packages/core/bin/sweepline.js');

/** Python versions for which all of them have wheels. */
const PYTHONS = ['3.12', '3.11'];

/**
 * @param {PeerName} name @returns {{ command: string, env: Readonly<Record<string, string>> }} The peer's program. @throws {Error} The
 * reason if it isn't available.
 */
export function preparePeer(name) {
  if (name === 'sweepline') return { command: SWEEPLINE, env: {} };
  if (name === 'vllm') {
    const { env } = prepareEnvironment();
    const wanted = Object.entries(env).filter(([key]) => /^(HF_|VLLM_|OMP_)/.test(key));
    return {
      command: join(String(env['PATH']).split(':')[0] ?? '', 'vllm'),
      env: Object.fromEntries(wanted.map(([key, value]) => [key, String(value)])),
    };
  }
  const venv = resolve(process.env['SWEEPLINE_PEERS_VENV'] ?? join(CACHE, 'peers'), name);
  const python = venvPython(venv, PYTHONS);
  if (!hasVersion(python, name)) pipInstall(python, [`${name}==${VERSIONS[name]}`]);
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
