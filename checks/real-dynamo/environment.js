// @ts-check
/** A Python environment with real Dynamo, made once and kept: packages of fixed versions, and a model without weights. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { CACHE, pipInstall, Unavailable, venvPython } from '../python.js';
import { makeModel } from './make-model.js';

export { Unavailable };

const REQUIREMENTS = join(import.meta.dirname, 'requirements.txt');
/** Python versions for which the packages of requirements.txt have wheels. */
const PYTHONS = ['3.12', '3.11', '3.13'];

const venv = resolve(process.env['SWEEPLINE_DYNAMO_VENV'] ?? join(CACHE, 'real-dynamo'));
const marker = join(venv, 'sweepline/installed');
const huggingface = join(venv, 'sweepline/huggingface');
const wanted = createHash('sha256').update(readFileSync(REQUIREMENTS)).digest('hex');

/**
 * @typedef {object} Dynamo
 * @property {() => readonly string[]} folders What a container with bare glibc needs of this machine.
 * @property {string} python
 * @property {Readonly<Record<string, string>>} env For processes that need the model, offline.
 */

/** @type {Dynamo} */
const installed = {
  folders: () => [dirname(dirname(realpathSync(join(venv, 'bin/python')))), venv, '/usr/lib', '/usr/bin'],
  python: join(venv, 'bin/python'),
  env: { HF_HOME: huggingface, HF_HUB_OFFLINE: '1' },
};

/** @returns {Dynamo} @throws {Unavailable} */
export function installDynamo() {
  if (process.platform !== 'linux') throw new Unavailable('ai-dynamo-runtime has wheels for Linux only');
  if (!isInstalled()) {
    pipInstall(venvPython(venv, PYTHONS), ['-r', REQUIREMENTS]);
    mkdirSync(dirname(marker), { recursive: true });
    writeFileSync(marker, wanted);
  }
  makeModel(join(huggingface, 'hub'));
  return installed;
}

/** What was installed before: for namespaces without a network. @returns {Dynamo | undefined} */
export function findDynamo() {
  return isInstalled() ? installed : undefined;
}

function isInstalled() {
  return existsSync(marker) && readFileSync(marker, 'utf8') === wanted;
}
