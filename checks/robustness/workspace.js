// @ts-check
/** A workspace with llama.cpp's plugin, and a finished run in it to damage. */
import { cpSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { makeTestWorkspace } from '@sweepline/core/testing';
import { shared } from './cases.js';
import { cli } from './cli.js';
import { GOOD } from './parts/yaml.js';

const PACKAGES = resolve(import.meta.dirname, '../../packages');

/** @param {import('./cases.js').Context} context @returns {Promise<string>} Its folder. */
export async function makeWorkspace(context) {
  const plugins = ['plugin-llamacpp', 'hw-cpu'].map((name) => [`@sweepline/${name}`, join(PACKAGES, name)]);
  const workspace = await makeTestWorkspace({
    packages: Object.fromEntries(plugins),
    files: { 'configs/tiny.yaml': GOOD },
  });
  context.closers.push(() => workspace[Symbol.asyncDispose]());
  return workspace.root;
}

/** @param {import('./cases.js').Context} context @returns {Promise<string>} Folder of a workspace with a finished sweep of two points. */
export function sweptWorkspace(context) {
  return shared(context, 'swept', async () => {
    const root = await makeWorkspace(context);
    const { code, stderr } = await cli(['sweep', 'configs/tiny.yaml'], { cwd: root, timeoutS: 300 });
    if (code !== 0 && code !== 6) throw new Error(`the sweep to be damaged ended with ${code}: ${stderr}`);
    return root;
  });
}

/** A copy of the finished run. @param {import('./cases.js').Context} context @param {string} name @returns {Promise<string>} */
export async function copyOfRun(context, name) {
  const root = await sweptWorkspace(context);
  const run = readdirSync(join(root, 'results')).sort().at(-1) ?? '';
  const copy = join(root, 'copies', name.replaceAll(/\W+/g, '-').slice(0, 60));
  mkdirSync(join(root, 'copies'), { recursive: true });
  cpSync(join(root, 'results', run), copy, { recursive: true });
  return copy;
}

/** @param {string} root @param {string} name @param {string} text */
export function writeConfig(root, name, text) {
  writeFileSync(join(root, 'configs', name), text);
}
