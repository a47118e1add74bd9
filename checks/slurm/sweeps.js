// @ts-check
/**
 * Whole sweeps of llamacpp over Slurm, by the command line on a machine of its own.
 *
 * @typedef {import('./scenarios.js').Scenario} Scenario
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { readRun } from '@sweepline/core';
import { decodeRunRecord } from '@sweepline/core/load';
import { command, ROOT } from './cluster.js';
import { fill, ours } from './jobs.js';
import { IMAGE } from './lease.js';
import { processes } from './process-table.js';

const REPO = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');
const BIN = join(REPO, 'packages/core/bin/sweepline.js');
/** A token that no command line, job or file may show. */
const SECRET = 'hf_check-of-slurm-0123456789';
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

/** @type {readonly Scenario[]} */
export const SWEEPS = [
  {
    title: 'sweep on the host: records are what the server counted',
    kind: 'short',
    run: () => counts('host'),
  },
  {
    title: 'sweep in a container: records are what the server counted',
    kind: 'short',
    run: () => counts(IMAGE),
  },
  { title: 'Sweepline killed in the queue', kind: 'short', run: killedInQueue },
  { title: 'Sweepline killed under load', kind: 'short', run: killedUnderLoad },
  { title: 'job cancelled under load: the point is tried again', kind: 'short', run: cancelledUnderLoad },
];

let workspaces = 0;

/** @param {string} image @param {number} requests */
function workspace(image, requests) {
  const folder = `${ROOT}/ws${(workspaces += 1)}`;
  mkdirSync(`${folder}/configs`, { recursive: true });
  const write = (/** @type {string} */ file, /** @type {unknown} */ content) =>
    writeFileSync(`${folder}/${file}`, JSON.stringify(content));
  write('package.json', { name: 'check', type: 'module' });
  symlinkSync(`${REPO}/node_modules`, `${folder}/node_modules`);
  const plugins = ['plugin-llamacpp', 'hw-cpu', 'launcher-slurm'].map((name) => `@sweepline/${name}`);
  write('configs/sweepline.yaml', { plugins, 'results-dir': 'results' });
  write('configs/runners.yaml', { 'slurm-cpu': ['bed_0'] });
  const mounts = { [REPO]: REPO };
  const squash = `${ROOT}/squash/{image-name}.sqsh`;
  const cluster = {
    sku: 'cpu',
    runners: ['slurm-cpu'],
    launcher: 'slurm',
    exclusive: true,
    writable: true,
    squash,
    mounts,
  };
  write('configs/clusters.yaml', { bed: cluster });
  const lengths = [{ isl: 64, osl: 32, 'search-space': [{ tp: 1, 'conc-list': [1, requests] }] }];
  const job = {
    model: 'synthetic:17m',
    'model-prefix': 'synthetic-17m',
    precision: 'int4',
    framework: 'llamacpp',
  };
  write('configs/c.yaml', {
    points: { ...job, image, runner: 'slurm-cpu', multinode: false, 'seq-len-configs': lengths },
  });
  return folder;
}

/** @param {string} folder */
function sweep(folder) {
  const argv = [...LOGIN, process.execPath, BIN, 'sweep', 'configs/c.yaml', '--allow-invalid'];
  const child = spawn('unshare', argv, {
    cwd: folder,
    env: { ...process.env, HF_TOKEN: SECRET },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (piece) => (text += String(piece)));
  /** @type {Promise<number | null>} */
  const ended = new Promise((resolve) => child.once('close', resolve));
  return { ended, said: () => text };
}

/** @param {() => boolean} isSo @param {() => string} said */
async function until(isSo, said) {
  for (let left = WAIT_S * 10; !isSo(); left--) {
    if (left === 0) throw new Error(`it does not come so far: ${said()}`);
    await delay(100);
  }
}

/** @param {string} image */
async function counts(image) {
  const folder = workspace(image, 4);
  const { ended, said } = sweep(folder);
  await until(() => said().includes('loading'), said);
  const shown = processes().filter(({ commandLine }) => commandLine.includes(SECRET));
  assert.deepEqual(shown, [], 'a command line shows the token');
  assert(!command('scontrol', 'show', 'job').includes(SECRET), 'a job shows the token');
  assert.equal(await ended, 0, said());
  const [name = ''] = readdirSync(`${folder}/results`);
  const run = `${folder}/results/${name}`;
  const { results } = await readRun(run);
  assert.equal(results.length, 2);
  for (const { name: point } of results) {
    const { requests } = decodeRunRecord(readFileSync(`${run}/points/${point}/records.jsonl`, 'utf8'));
    const log = readFileSync(`${run}/server_logs_${point}/server.log`, 'utf8');
    const served = [
      ...log.matchAll(/^request id=\S+ state=completed prompt_tokens=(\d+) completion_tokens=(\d+)/gm),
    ];
    // Warm-ups come first.
    const counted = served.slice(-requests.length).map(([, prompt, completion]) => `${prompt}/${completion}`);
    assert.deepEqual(requests.map((one) => `${one.promptTokens}/${one.outputTokens}`).sort(), counted.sort());
  }
  return `${results.length} points, each record as in the server's log; the token in no command line and no job`;
}

/** Kills the command alone; its guardians live. */
function killSweepline() {
  const found = processes().filter(({ commandLine }) =>
    commandLine.startsWith(`${process.execPath}\0${BIN}\0`),
  );
  assert.equal(found.length, 1, 'there is one Sweepline');
  process.kill(Number(found[0]?.pid), 'SIGKILL');
}

async function killedInQueue() {
  const full = fill();
  try {
    const { ended, said } = sweep(workspace('host', 4));
    await until(() => ours().some(({ state }) => state === 'PENDING'), said);
    killSweepline();
    await ended;
    return `its job: ${jobText() ?? 'none in the queue'}`;
  } finally {
    command('scancel', full);
  }
}

async function killedUnderLoad() {
  const folder = workspace('host', 4);
  const { ended, said } = sweep(folder);
  await until(() => said().includes('loading'), said);
  killSweepline();
  await ended;
  const job = jobText() ?? 'no job left';
  // What an agent that was killed left on its node is removed by the next session there.
  const next = sweep(folder);
  assert.equal(await next.ended, 0, next.said());
  return `${job}; the next sweep: ${/removed what a killed session left on \S+/.exec(next.said())?.[0] ?? 'nothing was left'}`;
}

async function cancelledUnderLoad() {
  const { ended, said } = sweep(workspace('host', 4));
  await until(() => said().includes('loading'), said);
  command('scancel', ours()[0]?.job ?? '');
  assert.equal(await ended, 0, said());
  const [retried] = /retried after: [^\n]*/.exec(said()) ?? [];
  assert(retried, said());
  return retried;
}

function jobText() {
  const [first] = ours();
  return first && `${first.job} ${first.state}`;
}
