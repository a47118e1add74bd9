// @ts-check
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { readRun } from '@sweepline/core';
import { decodeRunRecord } from '@sweepline/core/load';
import { ROOT } from './cluster.js';

const REPO = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');
/** The command line. */
export const BIN = join(REPO, 'packages/core/bin/sweepline.js');
/** A token that no command line, job or file may show. */
export const SECRET = 'hf_check-of-slurm-0123456789';
/** Its shell outlives it, as the machine does: what a killed Sweepline leaves to its guardian is done there. */
const LOGIN = [
  '--pid',
  '--fork',
  '--kill-child',
  '--mount-proc',
  'sh',
  '-c',
  '"$@"; code=$?; sleep 12; exit $code',
  'sh',
];
/** Seconds that a sweep may take to come as far as is waited for. */
const WAIT_S = 120;

let workspaces = 0;

/**
 * What a sweep over the cluster is made of; of llamacpp, unless the entry says otherwise.
 * @typedef {object} Point
 * @property {string} [image] default: it is run on the host
 * @property {number} [requests] in flight, beside one
 * @property {readonly number[]} [conc] in place of both
 * @property {Record<string, unknown>} [cluster] keys of the cluster in clusters.yaml
 * @property {Record<string, unknown>} [options] of the server
 * @property {Record<string, unknown>} [entry] more keys of the config entry
 * @property {readonly string[]} [plugins] packages besides the launcher's
 */

/** @param {Point} [point] @returns {string} its folder */
export function makeWorkspace(point = {}) {
  const {
    image = 'host',
    requests = 4,
    conc = [1, requests],
    cluster = {},
    options = {},
    entry = {},
  } = point;
  const { plugins: packages = ['plugin-llamacpp', 'hw-cpu'] } = point;
  const folder = `${ROOT}/ws${(workspaces += 1)}`;
  mkdirSync(`${folder}/configs`, { recursive: true });
  const write = (/** @type {string} */ file, /** @type {unknown} */ content) =>
    writeFileSync(`${folder}/${file}`, JSON.stringify(content));
  write('package.json', { name: 'check', type: 'module' });
  symlinkSync(`${REPO}/node_modules`, `${folder}/node_modules`);
  const plugins = [...packages, 'launcher-slurm'].map((name) => `@sweepline/${name}`);
  write('configs/sweepline.yaml', { plugins, 'results-dir': 'results' });
  write('configs/runners.yaml', { 'slurm-cpu': ['bed_0'] });
  const mounts = { [REPO]: REPO };
  const squash = `${ROOT}/squash/{image-name}.sqsh`;
  const bed = {
    sku: 'cpu',
    runners: ['slurm-cpu'],
    launcher: 'slurm',
    exclusive: true,
    writable: true,
    squash,
    mounts,
    ...cluster,
  };
  write('configs/clusters.yaml', { bed });
  const lengths = [{ isl: 64, osl: 32, 'search-space': [{ tp: 1, 'conc-list': conc }] }];
  const job = {
    model: 'synthetic:17m',
    'model-prefix': 'synthetic-17m',
    precision: 'int4',
    framework: 'llamacpp',
    options,
  };
  write('configs/c.yaml', {
    points: { ...job, image, runner: 'slurm-cpu', multinode: false, 'seq-len-configs': lengths, ...entry },
  });
  return folder;
}

const SWEEP = ['sweep', 'configs/c.yaml', '--allow-invalid'];

/**
 * Starts a sweep, as on a machine of its own.
 * @param {string} folder @param {NodeJS.ProcessEnv} [env] @param {readonly string[]} [as] what runs it as another user
 * @param {readonly string[]} [own] arguments
 */
export function startSweep(folder, env = process.env, as = [], own = SWEEP) {
  const argv = [...LOGIN, ...as, process.execPath, BIN, ...own];
  const child = spawn('unshare', argv, {
    cwd: folder,
    env: { ...env, HF_TOKEN: SECRET },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (piece) => (text += String(piece)));
  /** @type {Promise<number | null>} */
  const ended = new Promise((resolve) => child.once('close', resolve));
  return { ended, said: () => text };
}

/** The results of a sweep that has ended, and the folder of its run. @param {string} folder the workspace's */
export async function runOf(folder) {
  const [name = ''] = readdirSync(`${folder}/results`);
  const run = `${folder}/results/${name}`;
  return { run, results: (await readRun(run)).results };
}

/**
 * Holds the records of a point against what its server counted. @param {string} run @param {string} point
 * @param {(log: string) => readonly string[]} servedIn prompt and output tokens of each request in a server's log, `48/12`
 */
export function assertCounted(run, point, servedIn) {
  const { requests } = decodeRunRecord(readFileSync(`${run}/points/${point}/records.jsonl`, 'utf8'));
  // Warm-ups come first.
  const counted = servedIn(readFileSync(`${run}/server_logs_${point}/server.log`, 'utf8')).slice(
    -requests.length,
  );
  assert.deepEqual(requests.map((one) => `${one.promptTokens}/${one.outputTokens}`).sort(), counted.sort());
}

/** @param {() => boolean} isSo @param {() => string} said */
export async function until(isSo, said) {
  for (let left = WAIT_S * 10; !isSo(); left--) {
    if (left === 0) throw new Error(`it does not come so far: ${said()}`);
    await delay(100);
  }
}
