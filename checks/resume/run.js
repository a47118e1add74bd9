// @ts-check
/**
 * Kills a sweep again and again, resumes it each time, and looks whether every point has one result in the end:
 * `node checks/resume/run.js [--kills 50] [--points 40] [--seed 1]`, or with `--boundaries [EVERY]` a small sweep at each instant before
 * and after a write, a rename and a start of a process. See README.md. Needs `nx run core:build`. Linux only.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { makeTestWorkspace, MARKER, newToken } from '@sweepline/core/testing';
import { kill, leftOver, named } from '../processes.js';
import { randomFrom } from '../random.js';
import { argumentsOf, measuredTwice, wholeRun } from './runs.js';

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
    const command = start(workspace, token, await argumentsOf(workspace.root));
    const exit = once(command, 'exit');
    if (!isLast) {
      await Promise.race([exit, delay(random() * LONGEST_S * 1000)]);
      const guardians = random() < 0.25 ? named(token, 'guardian-main').slice(0, 1) : [];
      if (command.exitCode === null) done += 1;
      for (const pid of [command.pid ?? 0, ...guardians]) kill(pid, 'SIGKILL');
    }
    await exit;
    found.push(...(await leftOver(token, END_S)), ...(await measuredTwice(workspace.root, seen)));
    if (command.exitCode !== null) break;
  }
  console.log(`${done} kills; ${seen.size} of ${points} points have a result`);
  return [...found, ...(await wholeRun(workspace.root, points))];
}

/** @param {number} every */
async function killedAtBoundaries(every) {
  const names = await boundariesOf(2);
  console.log(`a sweep of 2 points has ${names.length} boundaries`);
  const found = [];
  let kills = 0;
  for (let at = 1; at <= names.length; at += every) {
    const { isKilled, problems } = await inWorkspace(2, (workspace) => killedOnce(workspace, at));
    // Sweeps differ by a few boundaries, as they look again at what isn't ready.
    const outcome = isKilled ? 'ok' : 'ok, had ended before';
    console.log(`${at} ${names[at - 1]}: ${problems.length === 0 ? outcome : problems.join('; ')}`);
    found.push(...problems.map((problem) => `${at} ${names[at - 1]}: ${problem}`));
    kills += Number(isKilled);
  }
  console.log(`${kills} kills`);
  return found;
}

/** Kills a sweep of two points at a boundary, and resumes it. @param {Workspace} workspace @param {number} at */
async function killedOnce(workspace, at) {
  const token = newToken();
  const seen = new Map();
  const sweep = start(workspace, token, ['sweep', '--allow-invalid'], { KILL_AT: String(at) });
  const [, signal] = await once(sweep, 'exit');
  const left = await leftOver(token, END_S);
  await measuredTwice(workspace.root, seen);
  await once(start(workspace, token, await argumentsOf(workspace.root)), 'exit');
  const problems = [
    ...left,
    ...(await leftOver(token, END_S)),
    ...(await measuredTwice(workspace.root, seen)),
    ...(await wholeRun(workspace.root, 2)),
  ];
  return { isKilled: signal === 'SIGKILL', problems };
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
