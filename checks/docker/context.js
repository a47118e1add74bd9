// @ts-check
import { execFileSync, spawn } from 'node:child_process';
import { readFileSync, readlinkSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { listProcesses, makeTestWorkspace } from '@sweepline/core/testing';
import { IMAGE } from './engine/image.js';

export const REPOSITORY = fileURLToPath(new URL('../../', import.meta.url)).replace(/\/$/, '');
const BIN = `${REPOSITORY}/packages/core/bin/sweepline.js`;
/** Looks like one of ours, by its name alone. */
const LOOKALIKE = 'sweepline-000000000000-server-0-0';
const BYSTANDERS = ['bystander', LOOKALIKE];

/**
 * @typedef {import('./engine/engine.js').Engine} Engine
 * @typedef {import('@sweepline/core/testing').TestWorkspace} Workspace
 * @typedef {{ engine: Engine, rootfs: string, folder: string, ends: (() => Promise<void>)[] }} Context
 * @typedef {{ image?: string, model?: string, cluster?: Record<string, unknown>, options?: Record<string, unknown>, conc?: readonly number[], osl?: number, prompts?: number, plugins?: readonly string[], entry?: Record<string, unknown> }} Point
 */

/** @param {Context} context @param {Point} [point] @returns {Promise<Workspace>} */
export async function makeWorkspace({ engine }, point = {}) {
  const { image = IMAGE, model = 'synthetic:tiny', cluster = {}, options = {}, conc = [1], osl = 12 } = point;
  const { plugins = ['plugin-llamacpp', 'hw-cpu'], entry: more = {} } = point;
  const packages = Object.fromEntries(
    [...plugins, 'launcher-docker'].map((name) => [`@sweepline/${name}`, `${REPOSITORY}/packages/${name}`]),
  );
  const box = {
    ...{ sku: 'cpu', runners: ['cpu'], launcher: 'docker', program: engine.program },
    mounts: { [REPOSITORY]: `${REPOSITORY}:ro` },
    ...cluster,
  };
  const entry = {
    ...{ image, model, 'model-prefix': 'tiny', runner: 'cpu', precision: 'int4' },
    ...{ framework: 'llamacpp', multinode: false, options },
    'seq-len-configs': [{ isl: 48, osl, 'search-space': [{ tp: 1, 'conc-list': conc }] }],
    ...more,
  };
  // JSON is also YAML.
  const files = {
    'configs/tiny.yaml': JSON.stringify({ tiny: entry }),
    'configs/clusters.yaml': JSON.stringify({ box }),
  };
  return makeTestWorkspace({ packages, files });
}

const SWEEP = ['sweep', 'configs/tiny.yaml', '--allow-invalid'];

/**
 * Starts a sweep of a workspace. @param {Context} context @param {Workspace} workspace @param {readonly string[]} [before] a command that
 * runs it @param {readonly string[]} [own] arguments
 */
export function startSweep({ engine }, workspace, before = [], own = SWEEP) {
  const [program, ...args] = [...before, process.execPath, BIN, ...own];
  const child = spawn(/** @type {string} */ (program), args, {
    cwd: workspace.root,
    env: engine.env,
    stdio: 'pipe',
  });
  let said = '';
  child.stdout.on('data', (data) => (said += data));
  child.stderr.on('data', (data) => (said += data));
  /** @type {Promise<{ code: number | null, said: string }>} */
  const ended = new Promise((resolve) => child.on('close', (code) => resolve({ code, said })));
  return { child, ended, said: () => said };
}

/** Runs a sweep to its end. @param {Context} context @param {Point} [point] */
export async function sweep(context, point) {
  const workspace = await makeWorkspace(context, point);
  try {
    const { code, said } = await startSweep(context, workspace).ended;
    return { code, said, results: await workspace.results().catch(() => []) };
  } finally {
    await workspace[Symbol.asyncDispose]();
  }
}

/** @param {readonly import('@sweepline/core').Result[]} results */
export function errorsOf(results) {
  return results.flatMap((result) => {
    if (!('error' in result)) return [];
    return [result.error];
  });
}

/** Containers and processes of others, which have to live on. @param {Context} context */
export function startBystanders({ engine: { program, env } }) {
  for (const name of BYSTANDERS) {
    execFileSync(program, ['run', '--detach', `--name=${name}`, '--network=none', IMAGE, 'sleep', '100000'], {
      env,
    });
  }
}

/** What of others does not run any more, and what of ours is left. @param {Context} context @returns {readonly string[]} */
export function damage({ engine: { program, env } }) {
  const lines = execFileSync(program, ['ps', '--all', '--format', '{{.Names}} {{.Status}}'], {
    env,
    encoding: 'utf8',
  });
  const containers = lines.split('\n').filter((line) => line !== '');
  const dead = BYSTANDERS.filter((name) => !containers.some((line) => line.startsWith(`${name} Up`)));
  const left = containers.filter((line) => !BYSTANDERS.includes(line.split(' ')[0] ?? ''));
  return [
    ...dead.map((name) => `${name} of somebody else is gone`),
    ...left.map((line) => `left: container ${line}`),
    ...marked().map((pid) => `left: process ${pid} ${commandOf(pid)}`),
  ];
}

/** Processes in the check's network namespace that a sweep started. */
export function marked() {
  return listProcesses().flatMap(({ pid, alive }) => (alive && isOfSweep(pid) ? [pid] : []));
}

/** @param {number} pid */
function isOfSweep(pid) {
  try {
    const isHere = readlinkSync(`/proc/${pid}/ns/net`) === readlinkSync('/proc/self/ns/net');
    return isHere && readFileSync(`/proc/${pid}/environ`, 'latin1').includes('SWEEPLINE_TOKEN=');
  } catch {
    return false;
  }
}

/** @param {number} pid */
export function commandOf(pid) {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'latin1').replaceAll('\0', ' ').slice(0, 80);
  } catch {
    return '';
  }
}
