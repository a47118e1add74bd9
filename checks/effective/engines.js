// @ts-check
/** The engines, with the config entry for each one's sweep. */
import { existsSync, mkdtempSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { installLlamaServer } from '../llama-server.js';
import { Unavailable } from '../python.js';
import { MODEL, prepareEnvironment, SERVED } from '../real-vllm/environment.js';
import { llamaServer, OWN, VLLM } from './plants.js';

/** @typedef {import('./sweep.js').Engine} Engine */

const ENTRY = {
  image: 'host',
  'model-prefix': 'effective',
  runner: 'cpu',
  multinode: false,
  'seq-len-configs': [{ isl: 32, osl: 8, 'search-space': [{ tp: 1, 'conc-list': [2] }] }],
};

/** @returns {Engine} */
export function ownEngine() {
  return {
    name: 'node-llama-cpp',
    entry: { ...ENTRY, framework: 'llamacpp', model: 'synthetic:tiny', precision: 'int4' },
    ...{ program: 'node', real: process.execPath, only: 'server/main.js' },
    env: process.env,
    plants: OWN,
  };
}

/** @returns {Engine} @throws {Unavailable} */
export function llamaServerEngine() {
  const { program: real, model } = installLlamaServer();
  const options = { server: 'llama-server', model, 'extra-args': ['-lv', '4'] };
  return {
    name: 'llama-server',
    entry: { ...ENTRY, framework: 'llamacpp', model: 'smollm2', precision: 'int4', options },
    ...{ program: 'llama-server', real, only: '--parallel' },
    env: process.env,
    plants: llamaServer(otherFile(model)),
  };
}

/** Another file; its content doesn't matter, because the server reports its path. @param {string} model */
function otherFile(model) {
  const path = join(mkdtempSync(join(tmpdir(), 'sweepline-effective-model-')), 'other.gguf');
  symlinkSync(model, path);
  return path;
}

/** @returns {Engine} @throws {Unavailable} */
export function vllmEngine() {
  const { env } = prepareEnvironment();
  const { VLLM_CPU_KVCACHE_SPACE: _, ...others } = env;
  const real = (env['PATH'] ?? '')
    .split(delimiter)
    .map((folder) => join(folder, 'vllm'))
    .find((path) => existsSync(path));
  if (real === undefined) throw new Unavailable('the environment has no vllm');
  return {
    name: 'vLLM',
    entry: {
      ...ENTRY,
      framework: 'vllm',
      model: MODEL,
      precision: 'bf16',
      options: { 'engine-version': SERVED },
    },
    ...{ program: 'vllm', real, only: 'serve' },
    env: others,
    plants: VLLM,
  };
}
