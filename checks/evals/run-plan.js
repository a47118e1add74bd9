// @ts-check
/** Runs an eval plugin's plan against a server, as Sweepline does in a job's session. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import plugins from '../../packages/evals/dist/index.js';

/**
 * @typedef {object} Asked
 * @property {string} endpoint @property {string} folder @property {string} model @property {number} concurrency
 * @property {Readonly<Record<string, unknown>>} options @property {number} [fewshot]
 */

/**
 * @param {string} name Of the plugin. @param {Asked} asked
 * @returns {Promise<{ scores: import('@sweepline/core').EvalScores, files: ReadonlyMap<string, string>, seconds: number }>}
 */
export async function runPlan(name, { endpoint, folder, model, concurrency, options, fewshot }) {
  const plugin = plugins.find((one) => one.name === name);
  if (plugin?.options === undefined) throw new Error(`no eval plugin ${name}`);
  const context = {
    // Neither plugin looks at the job.
    job: /** @type {import('@sweepline/core').Job} */ ({}),
    ...{ concurrency, model, task: name, root: process.cwd() },
    options: /** @type {never} */ (plugin.options.parse(options)),
    ...(fewshot !== undefined && { fewshot }),
  };
  const plan = await plugin.plan(context);
  /** @param {import('@sweepline/core').EvalText} text */
  const filled = (text) =>
    [text]
      .flat()
      .map((part) => (typeof part === 'string' ? part : part.ref === 'folder' ? folder : endpoint))
      .join('');
  for (const [path, file] of Object.entries(plan.files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    if ('source' in file) await copyFile(file.source, join(folder, path));
    else await writeFile(join(folder, path), filled(file.text));
  }
  const argv = plan.argv.map(filled);
  const env = Object.fromEntries(Object.entries(plan.env ?? {}).map(([key, text]) => [key, filled(text)]));
  const [program = '', ...args] = plan.runtime === 'node' ? [process.execPath, ...argv] : argv;
  const begin = performance.now();
  const child = spawn(program, args, {
    cwd: folder,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  child.stdout.on('data', (part) => (said += part));
  child.stderr.on('data', (part) => (said += part));
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`${name} ended with code ${code}:\n${said.slice(-4000)}`);
  const files = new Map();
  for (const path of plan.results) files.set(path, await readFile(join(folder, path), 'utf8'));
  return { scores: plugin.scores(files), files, seconds: (performance.now() - begin) / 1000 };
}
