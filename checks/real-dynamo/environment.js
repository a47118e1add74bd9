// @ts-check
/** A Python environment with real Dynamo, made once and kept: packages of fixed versions, and a model without weights. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { CACHE, pipInstall, Unavailable, venvPython } from '../python.js';
import { makeModel } from './make-model.js';

export { Unavailable };

const REQUIREMENTS = join(import.meta.dirname, 'requirements.txt');
/** Python versions for which the packages of requirements.txt have wheels. */
const PYTHONS = ['3.12', '3.11', '3.13'];

/** @returns {NodeJS.ProcessEnv} For processes that need Dynamo and the model, offline. @throws {Unavailable} */
export function prepareEnvironment() {
  if (process.platform !== 'linux') throw new Unavailable('ai-dynamo-runtime has wheels for Linux only');
  const venv = resolve(process.env['SWEEPLINE_DYNAMO_VENV'] ?? join(CACHE, 'real-dynamo'));
  const marker = join(venv, 'sweepline/installed');
  const wanted = createHash('sha256').update(readFileSync(REQUIREMENTS)).digest('hex');
  if (!existsSync(marker) || readFileSync(marker, 'utf8') !== wanted) {
    pipInstall(venvPython(venv, PYTHONS), ['-r', REQUIREMENTS]);
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
