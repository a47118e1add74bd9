// @ts-check
/**
 * Kills a sweep again and again, resumes it each time, and looks whether every point has one result in the end:
 * `node checks/resume/run.js [--kills 50] [--points 40] [--seed 1]`, or with `--boundaries [EVERY]` a small sweep at each instant before
 * and after a write, a rename and a start of a process. See README.md. Needs `nx run core:build`. Linux only.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { readRun } from '@sweepline/core';
import { makeTestWorkspace, MARKER, newToken } from '@sweepline/core/testing';
import { kill, leftOver, named } from '../processes.js';
import { randomFrom } from '../random.js';

const CORE = new URL('../../packages/core/', import.meta.url);
const ACME = fileURLToPath(new URL('test/fixtures/acme-plugin', CORE));
const BIN = fileURLToPath(new URL('bin/sweepline.js', CORE));
const PRELOAD = pathToFileURL(join(import.meta.dirname, 'boundaries.js')).href;
/** Seconds in which everything must end that a killed sweep had started. */
const END_S = 60;
/** Seconds of a sweep after which it is killed, at most. */
const LONGEST_S = 6;
/** Starts of one run, after which it is given up. */
const MOST_STARTS = 400;

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '50' },
    points: { type: 'string', default: '40' },
    seed: { type: 'string', default: '1' },
    boundaries: { type: 'string' },
  },
});
const random = randomFrom(Number(values.seed));

/** @typedef {import('@sweepline/core/testing').TestWorkspace} Workspace */

const problems =
  values.boundaries === undefined
    ? await killedAtRandom(Number(values.kills), Number(values.points))
    : await killedAtBoundaries(Number(values.boundaries));
for (const problem of problems) console.log(problem);
process.exitCode = problems.length === 0 ? 0 : 1;

/** @param {number} kills @param {number} points */
function killedAtRandom(kills, points) {
  return inWorkspace(points, (workspace) => killedIn(workspace, kills, points));
}

/** @param {Workspace} workspace @param {number} kills @param {number} points */
async function killedIn(workspace, kills, points) {
  const seen = new Map();
  const found = [];
  let done = 0;
  for (let starts = 0; starts < MOST_STARTS; starts++) {
    const token = newToken();
    const isLast = done >= kills;
    const command = start(workspace, token, await argumentsOf(workspace));
    const exit = once(command, 'exit');
    if (!isLast) {
      await Promise.race([exit, delay(random() * LONGEST_S * 1000)]);
      const guardians = random() < 0.25 ? named(token, 'guardian-main').slice(0, 1) : [];
      if (command.exitCode === null) done += 1;
      for (const pid of [command.pid ?? 0, ...guardians]) kill(pid, 'SIGKILL');
    }
    await exit;
    found.push(...(await leftOver(token, END_S)), ...(await measuredTwice(workspace, seen)));
    if (command.exitCode !== null) break;
  }
  console.log(`${done} kills; ${seen.size} of ${points} points have a result`);
  return [...found, ...(await wholeRun(workspace, points))];
}

/** @param {number} every */
async function killedAtBoundaries(every) {
  const names = await boundariesOf(2);
  console.log(`a sweep of 2 points has ${names.length} boundaries`);
  const found = [];
  for (let at = 1; at <= names.length; at += every) {
    const own = await inWorkspace(2, (workspace) => killedOnce(workspace, at));
    console.log(`${at} ${names[at - 1]}: ${own.length === 0 ? 'ok' : own.join('; ')}`);
    found.push(...own.map((problem) => `${at} ${names[at - 1]}: ${problem}`));
  }
  return found;
}

/** Kills a sweep of two points at a boundary, and resumes it. @param {Workspace} workspace @param {number} at */
async function killedOnce(workspace, at) {
  const token = newToken();
  const seen = new Map();
  await once(start(workspace, token, ['sweep', '--allow-invalid'], { KILL_AT: String(at) }), 'exit');
  const left = await leftOver(token, END_S);
  await measuredTwice(workspace, seen);
  await once(start(workspace, token, await argumentsOf(workspace)), 'exit');
  return [
    ...left,
    ...(await leftOver(token, END_S)),
    ...(await measuredTwice(workspace, seen)),
    ...(await wholeRun(workspace, 2)),
  ];
}

/** What an undisturbed sweep does, in its order. @param {number} points */
function boundariesOf(points) {
  return inWorkspace(points, async (workspace) => {
    const file = join(workspace.root, 'boundaries');
    await once(start(workspace, newToken(), ['sweep', '--allow-invalid'], { BOUNDARIES: file }), 'exit');
    const lines = (await readFile(file, 'utf8')).trim().split('\n');
    return lines.map((line) => line.slice(line.indexOf(' ') + 1));
  });
}

/** @template T @param {number} points @param {(workspace: Workspace) => Promise<T>} use @returns {Promise<T>} */
async function inWorkspace(points, use) {
  const workspace = await prepared(points);
  try {
    return await use(workspace);
  } finally {
    await workspace[Symbol.asyncDispose]();
  }
}

/** @param {Workspace} workspace @param {string} token @param {readonly string[]} args @param {Record<string, string>} [env] */
function start(workspace, token, args, env) {
  const preload = env === undefined ? [] : ['--import', PRELOAD];
  return spawn(process.execPath, [...preload, BIN, ...args], {
    cwd: workspace.root,
    env: { ...process.env, ...env, [MARKER]: token },
    detached: true,
    stdio: 'ignore',
  });
}

/** Begins a run, or goes on with the one that is there. @param {Workspace} workspace */
async function argumentsOf(workspace) {
  const runs = await begunRuns(workspace);
  const [run] = runs;
  return ['sweep', '--allow-invalid', ...(run === undefined ? [] : ['--resume', run])];
}

/** Names of runs that say what they are; of one that was killed before that, nothing was measured. @param {Workspace} workspace */
async function begunRuns({ root }) {
  const names = await readdir(join(root, 'results')).catch(() => []);
  const files = await Promise.all(names.map((name) => readdir(join(root, 'results', name))));
  return names.filter((_, index) => files[index]?.includes('run.json')).sort();
}

/**
 * Points whose result is another one than it was. @param {Workspace} workspace
 * @param {Map<string, string>} seen when a point began to be measured, by its name
 */
async function measuredTwice(workspace, seen) {
  const [run] = await begunRuns(workspace);
  if (run === undefined) return [];
  const { results } = await readRun(join(workspace.root, 'results', run));
  const found = [];
  for (const { name, startedAt, state } of results) {
    if (state === 'interrupted') continue;
    const before = seen.get(name);
    if (before !== undefined && before !== startedAt) found.push(`${name} was measured twice`);
    seen.set(name, startedAt);
  }
  return found;
}

/** @param {Workspace} workspace @param {number} points */
async function wholeRun(workspace, points) {
  const runs = await begunRuns(workspace);
  const [run = ''] = runs;
  const folder = join(workspace.root, 'results', run);
  const { results, run: info, problems: unread } = await readRun(folder);
  const files = await readdir(folder, { recursive: true });
  const names = new Set(results.map(({ name }) => name));
  const lines = (await readFile(join(folder, 'results.ndjson'), 'utf8')).trim().split('\n');
  const sessions = await Promise.all(
    files
      .filter((file) => /^sessions\/\w+\.json$/.test(file))
      .map(async (file) => JSON.parse(await readFile(join(folder, file), 'utf8')).state),
  );
  const isLeft = (/** @type {string} */ file) => /(?:^|\/)(?:\.running-|lock-)|\.tmp$/.test(file);
  return [
    ...(runs.length === 1 ? [] : [`${runs.length} runs`]),
    ...(info.state === 'finished' ? [] : [`the run is ${info.state}`]),
    ...(names.size === points && results.length === points ? [] : [`${results.length} results`]),
    ...results.flatMap(({ name, state }) => (state === 'completed' ? [] : [`${name} is ${state}`])),
    ...(lines.length === points ? [] : [`${lines.length} lines in results.ndjson`]),
    ...(sessions.every((state) => state === 'ended') ? [] : ['sessions are open']),
    ...unread.map(({ message }) => message),
    ...files.filter(isLeft).map((file) => `left: ${file}`),
  ];
}

/** @param {number} points */
async function prepared(points) {
  const workspace = await makeTestWorkspace();
  await workspace.write(
    'configs/sweepline.yaml',
    "plugins: ['@acme/sweepline-plugin']\ndefault-configs: [configs/acme.yaml]\n",
  );
  const concurrencies = Array.from({ length: points }, (_, index) => index + 1);
  await workspace.write(
    'configs/acme.yaml',
    `points:
  image: host
  model: fake-model
  model-prefix: fake
  runner: acme-x1
  precision: fp8
  framework: acme
  multinode: false
  seq-len-configs:
    - { isl: 20, osl: 5, search-space: [{ tp: 1, conc-list: [${concurrencies.join(', ')}] }] }
`,
  );
  await cp(ACME, join(workspace.root, 'node_modules', '@acme', 'sweepline-plugin'), { recursive: true });
  return workspace;
}
