// @ts-check
/** A Python environment with real Dynamo, made once and kept: packages of fixed versions, and a model without weights. */
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { makeModel } from './make-model.js';

const REQUIREMENTS = join(import.meta.dirname, 'requirements.txt');
/** Pythons that the packages of requirements.txt have wheels for. */
const PYTHONS = ['python3.12', 'python3.11', 'python3.13', 'python3'];
const SUPPORTED = /^Python 3\.1[123]\./;
const INSTALL_TIMEOUT_MS = 15 * 60_000;
const CACHE = process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache');

/** Why the check can't be run here. */
export class Unavailable extends Error {}

/** @returns {NodeJS.ProcessEnv} For everything that is to find Dynamo and the model, offline. @throws {Unavailable} */
export function prepareEnvironment() {
  if (process.platform !== 'linux') throw new Unavailable('ai-dynamo-runtime has wheels for Linux only');
  const venv = resolve(process.env['SWEEPLINE_DYNAMO_VENV'] ?? join(CACHE, 'sweepline/real-dynamo'));
  const python = join(venv, 'bin/python');
  const marker = join(venv, 'sweepline/installed');
  const wanted = createHash('sha256').update(readFileSync(REQUIREMENTS)).digest('hex');
  if (!existsSync(marker) || readFileSync(marker, 'utf8') !== wanted) {
    if (!existsSync(python)) attempt(findPython(), ['-m', 'venv', venv]);
    console.error(`pip install -r ${REQUIREMENTS}`);
    attempt(python, ['-m', 'pip', 'install', '--quiet', '--no-input', '-r', REQUIREMENTS]);
    mkdirSync(dirname(marker), { recursive: true });
    writeFileSync(marker, wanted);
  }
  const huggingface = join(venv, 'sweepline/huggingface');
  makeModel(join(huggingface, 'hub'));
  return {
    ...process.env,
    PATH: `${join(venv, 'bin')}:${process.env['PATH'] ?? ''}`,
    HF_HOME: huggingface,
    HF_HUB_OFFLINE: '1',
  };
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
