// @ts-check
/**
 * Kills sweeps at random times and checks what they leave: node checks/kills/run.js [--rounds 50] [--seed 1] [--signals SIGSTOP] [--targets
 * load,server] Needs `nx run core:build`. Linux only: processes are found by their environment in /proc.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, cp, readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { readRun } from '@sweepline/core';
import { decodeRunRecord } from '@sweepline/core/load';
import { makeTestWorkspace, MARKER, newToken } from '@sweepline/core/testing';
import { kill, leftOver, marked, named } from '../processes.js';
import { randomFrom } from '../random.js';

const CORE = new URL('../../packages/core/', import.meta.url);
const ACME = fileURLToPath(new URL('test/fixtures/acme-plugin', CORE));
const BIN = fileURLToPath(new URL('bin/sweepline.js', CORE));
/** Seconds after a hit within which the command and everything that it started must end. */
const END_S = 90;
/** A secret that the server prints: no file of a run may contain it. */
const SECRET = 'hf-check-of-kills-0123456789';

/** A server that doesn't notice its parent's end, and a daemon that leaves its process group and loses its parent. */
const SERVER = `#!/bin/sh
(setsid sleep 900 </dev/null >/dev/null 2>&1 &)
echo "HF_TOKEN is $HF_TOKEN"
exec ${process.execPath} "$@" </dev/null
`;

/**
 * @typedef {import('@sweepline/core/testing').TestWorkspace} Workspace
 * @typedef {'cli' | 'load' | 'server' | 'guardian' | 'guardians' | 'group' | 'cli+guardian' | 'cli+server'} Target
 * @typedef {{ target: Target, signal: NodeJS.Signals, afterS: number }} Hit
 */

/** @param {string} program */
const CONFIG = (program) => `points:
  image: host
  model: fake-model
  model-prefix: fake
  runner: acme-x1
  precision: fp8
  framework: acme
  multinode: false
  seq-len-configs:
    - { isl: 20, osl: 50, search-space: [{ tp: 1, conc-list: [1, 2, 4] }] }
  options: { program: ${JSON.stringify(program)} }
`;

/** @type {readonly Target[]} */
const TARGETS = ['cli', 'load', 'server', 'guardian', 'guardians', 'group', 'cli+guardian', 'cli+server'];
/** @type {readonly NodeJS.Signals[]} */
const SIGNALS = ['SIGKILL', 'SIGTERM', 'SIGINT', 'SIGHUP'];
/** Seconds without progress after which a load is given up: a stopped process (SIGSTOP) reports nothing. */
const IDLE_LIMIT_S = 15;

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '50' },
    seed: { type: 'string', default: '1' },
    signals: { type: 'string', default: SIGNALS.join(',') },
    targets: { type: 'string', default: TARGETS.join(',') },
  },
});
const signals = /** @type {readonly NodeJS.Signals[]} */ (values.signals.split(','));
const targets = /** @type {readonly Target[]} */ (values.targets.split(','));
const kept = { points: 0, hits: 0 };
const random = randomFrom(Number(values.seed));

const wholeS = await undisturbed();
console.log(`an undisturbed sweep takes ${wholeS.toFixed(1)} s`);
const failures = [];
for (let round = 1; round <= Number(values.rounds); round++) {
  const hit = { target: pick(targets), signal: pick(signals), afterS: random() * wholeS };
  const problems = await play(hit);
  const name = `${String(round).padStart(3)} ${hit.signal} to ${hit.target} after ${hit.afterS.toFixed(2)} s`;
  console.log(`${name}: ${problems.length === 0 ? 'ok' : problems.join('; ')}`);
  if (problems.length > 0) failures.push(name);
}
console.log(
  `${values.rounds} rounds, ${kept.hits} hit something, ${failures.length} failed; ${kept.points} completed points, all valid`,
);
process.exitCode = failures.length === 0 ? 0 : 1;

async function undisturbed() {
  const begin = performance.now();
  const problems = await play(undefined);
  if (problems.length > 0) throw new Error(`undisturbed: ${problems.join('; ')}`);
  return (performance.now() - begin) / 1000;
}

/**
 * Runs a sweep, sends the signal, and returns the problems afterwards. @param {Hit | undefined} hit @returns {Promise<readonly string[]>}
 */
async function play(hit) {
  const workspace = await makeTestWorkspace();
  const token = newToken();
  try {
    await prepare(workspace);
    const command = spawn(process.execPath, [BIN, 'sweep'], {
      cwd: workspace.root,
      env: { ...process.env, [MARKER]: token, HF_TOKEN: SECRET },
      detached: true,
      stdio: 'ignore',
    });
    const exit = once(command, 'exit');
    if (hit !== undefined) {
      await delay(hit.afterS * 1000);
      strike(hit, command, token);
    }
    const ended = await Promise.race([exit, delay(END_S * 1000, undefined, { ref: false })]);
    const problems = ended === undefined ? [`did not end within ${END_S} s`] : [];
    return [...problems, ...(await leftOver(token, END_S)), ...(await damaged(workspace))];
  } finally {
    for (const pid of marked(token)) kill(pid, 'SIGKILL');
    await workspace[Symbol.asyncDispose]();
  }
}

/** @param {Workspace} workspace */
async function prepare(workspace) {
  const program = join(workspace.root, 'server.sh');
  await writeFile(program, SERVER);
  await chmod(program, 0o755);
  await workspace.write(
    'configs/sweepline.yaml',
    `plugins: ['@acme/sweepline-plugin']\ndefault-configs: [configs/acme.yaml]\nclient: { idle-limit-s: ${IDLE_LIMIT_S} }\n`,
  );
  await workspace.write('configs/acme.yaml', CONFIG(program));
  await cp(ACME, join(workspace.root, 'node_modules', '@acme', 'sweepline-plugin'), { recursive: true });
}

/** @param {Hit} hit @param {import('node:child_process').ChildProcess} command @param {string} token */
function strike({ target, signal }, command, token) {
  const pid = command.pid ?? 0;
  /** @type {Record<Target, () => readonly number[]>} */
  const pidsOf = {
    cli: () => [pid],
    group: () => [-pid],
    load: () => named(token, 'load').slice(0, 1),
    server: () => named(token, 'fake-server-main').slice(0, 1),
    guardian: () => named(token, 'guardian-main').slice(0, 1),
    guardians: () => named(token, 'guardian-main'),
    'cli+guardian': () => [pid, ...named(token, 'guardian-main').slice(0, 1)],
    'cli+server': () => [pid, ...named(token, 'fake-server-main')],
  };
  if (command.exitCode === null && pidsOf[target]().filter((pid) => kill(pid, signal)).length > 0)
    kept.hits += 1;
}

/** Files of the run that can't be read, or that contain the secret. @param {Workspace} workspace */
async function damaged({ root, cli }) {
  const results = join(root, 'results');
  const [run] = await readdir(results).catch(() => []);
  if (run === undefined) return [];
  const problems = [];
  const files = await readdir(join(results, run), { recursive: true, withFileTypes: true });
  if (!files.some(({ name }) => name === 'run.json')) return [];
  const { results: points } = await readRun(join(results, run));
  for (const { name, state } of points) {
    if (state !== 'completed') continue;
    kept.points += 1;
    const records = decodeRunRecord(
      await readFile(join(results, run, 'points', name, 'records.jsonl'), 'utf8'),
    );
    if (!records.complete) problems.push(`${name} is completed, but its records are not`);
  }
  for (const file of files.filter((entry) => entry.isFile())) {
    // The record of running processes, at the time of the kill, is readable only for its user.
    const path = join(file.parentPath, file.name);
    if (path.includes('.running-')) continue;
    if ((await readFile(path, 'latin1')).includes(SECRET)) problems.push(`${path} contains a secret`);
  }
  const { exitCode, stderr } = await cli(['report', join(results, run)]);
  if (exitCode !== 0) problems.push(`report ends with ${exitCode}: ${stderr}`);
  return problems;
}

/** @template T @param {readonly T[]} list @returns {T} */
function pick(list) {
  return /** @type {T} */ (list[Math.floor(random() * list.length)]);
}
