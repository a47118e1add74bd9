// @ts-check
/**
 * The same failures with one of InferenceX's own launch scripts, for the table of docs/fleets.md: what it does, as far as a cluster
 * without GPUs shows it. The engine's script is ours. An assertion that fails says that the table is wrong.
 *
 * @typedef {import('./scenarios.js').Scenario} Scenario
 */
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { command, killNode, slurmctld, startNode } from './cluster.js';
import { stateOf } from './jobs.js';
import { IMAGE, squashFileOf } from './lease.js';
import { besideOthers, NODES, onNode } from './nodes.js';
import { REGISTRY } from './registry.js';
import { nodeOf } from './scenarios/leases.js';
import { until } from './workspace.js';

/** Of 21 August 2026, as the table says. */
const COMMIT = '843c6254f';
const SCRIPT = 'runners/launch_h100-cw.sh';
const LIBRARY = 'benchmarks/benchmark_lib.sh';
/** Both are named in the script. */
const PORT = 8888;
const SQUASH = '/mnt/vast/gharunner/squash';
/** GITHUB_WORKSPACE */
const WORKSPACE = '/mnt/vast/workspace';
/** Milliseconds that GitHub's runner waits after SIGINT, and after SIGTERM (actions/runner, ProcessInvoker.cs). */
const CANCEL_MS = [7_500, 2_500];
/** Milliseconds after which a job that nobody ends is taken to go on. */
const GOES_ON_MS = 10_000;
/** Milliseconds for which what waits for something that has ended is looked at. */
const WAITS_MS = 120_000;

/** In place of an engine and its load. @type {Record<string, string>} */
const BENCHMARKS = {
  runs: 'echo "benchmark runs on $SLURMD_NODENAME"\n',
  lasts: 'echo "benchmark runs on $SLURMD_NODENAME"; sleep 100\n',
  // Its library asks with curl, which the image has not.
  serves: `. benchmarks/benchmark_lib.sh
curl() { wget -q -O /dev/null "\${@: -1}"; }
sleep 100 >server.log &
wait_for_server_ready --port "$PORT" --server-log server.log --server-pid $!
echo "benchmark takes it for ready"; kill $!
`,
};

/** @type {readonly Scenario[]} */
export const INFERENCEX = [
  { title: 'two jobs import one image', run: importTogether },
  { title: 'import of a tag that is not there', run: noSuchTag },
  { title: 'no room for the import', run: noRoom },
  { title: 'lock that is not had in time', run: lockHeld },
  { title: 'the server of another job answers', run: otherServer },
  { title: 'cancelled under load', run: cancelled },
  { title: 'killed under load', run: killed },
  { title: 'node fails', run: nodeFails },
  { title: 'controller stands still at the submission', run: controllerStill },
].map(({ title, run }) => ({ title: `InferenceX: ${title}`, kind: 'inferencex', run }));

/** @typedef {ReturnType<typeof launch>} Launch */

let launches = 0;

/**
 * Runs its script, as a runner of GitHub does in a process group of its own.
 * @param {string} [benchmark] @param {{ tag?: string, change?: (script: string) => string }} [how]
 */
function launch(benchmark = 'runs', { tag = 'tiny:1', change = (script) => script } = {}) {
  for (const folder of [SQUASH, '/mnt/vast/gharunner/hf-hub-cache', WORKSPACE])
    mkdirSync(folder, { recursive: true });
  write(LIBRARY, original(LIBRARY));
  write(SCRIPT, change(original(SCRIPT)));
  write(`benchmarks/single_node/${benchmark}_fp8_h100.sh`, BENCHMARKS[benchmark] ?? '');
  const env = {
    ...process.env,
    ...{ IMAGE: `${REGISTRY}#${tag}`, EXP_NAME: `${benchmark}_1k1k`, PRECISION: 'fp8', TP: '8' },
    ...{ RUNNER_NAME: 'h100-cw_0', GITHUB_WORKSPACE: WORKSPACE, HF_HUB_CACHE: '/hub', SCENARIO_SUBDIR: '' },
  };
  // A file, as on a socket, which Node.js would make, its `tee /dev/stderr` fails.
  const file = `${WORKSPACE}/output-${(launches += 1)}`;
  const output = openSync(file, 'w');
  const child = spawn('bash', [SCRIPT], {
    cwd: WORKSPACE,
    env,
    detached: true,
    stdio: ['ignore', output, output],
  });
  closeSync(output);
  const said = () => readFileSync(file, 'utf8');
  const exit = once(child, 'exit').then(([code, signal]) => /** @type {unknown} */ (code ?? signal));
  const { pid } = child;
  assert(pid !== undefined);
  return { pid, exit, said, job: () => /^salloc: Granted job allocation (\d+)/m.exec(said())?.[1] ?? '' };
}

/** @param {string} path */
function original(path) {
  const git = process.env['INFERENCEX_SRC'] ?? '';
  return execFileSync('git', [`--git-dir=${git}`, 'show', `${COMMIT}:${path}`], { encoding: 'utf8' });
}

/** @param {string} path @param {string} content */
function write(path, content) {
  mkdirSync(dirname(`${WORKSPACE}/${path}`), { recursive: true });
  writeFileSync(`${WORKSPACE}/${path}`, content);
}

/** Whoever needs an image next imports it. */
function forget() {
  for (const file of files()) rmSync(`${SQUASH}/${file}`);
}

function files() {
  mkdirSync(SQUASH, { recursive: true });
  return readdirSync(SQUASH);
}

/** A script that goes on after what failed: it ends well, and nothing was measured. @param {Launch} launched */
async function endsWellWithout({ exit, said, job }) {
  assert.equal(await exit, 0, said());
  assert.doesNotMatch(said(), /^benchmark runs/m);
  return `exit code 0 and no benchmark; ${held(job())}`;
}

/** @param {string} job */
function held(job) {
  const shown = command('scontrol', '-o', 'show', 'job', job);
  const [, time] = /RunTime=(\S+)/.exec(shown) ?? [];
  return `job ${job} had its node for ${time}`;
}

async function importTogether() {
  forget();
  const launches = [launch(), launch()];
  for (const { exit, said } of launches) {
    assert.equal(await exit, 0, said());
    assert.match(said(), /^benchmark runs on n/m);
  }
  const skipped = launches.filter(({ said }) => /^Squash file already exists/m.test(said()));
  assert.equal(skipped.length, 1);
  return 'one imports, the other waits; both benchmarks run';
}

function noSuchTag() {
  return endsWellWithout(launch('runs', { tag: 'tiny:99' }));
}

async function noRoom() {
  forget();
  for (const name of NODES) onNode(name, 'mount', '-t', 'tmpfs', '-o', 'size=8m', 'small', SQUASH);
  try {
    const outcome = await endsWellWithout(launch());
    const left = NODES.flatMap((name) =>
      onNode(name, 'ls', '-s', SQUASH).split('\n').slice(1).filter(Boolean),
    );
    return `${outcome}; left on nodes: ${left.join(', ')}`;
  } finally {
    for (const name of NODES) onNode(name, 'umount', SQUASH);
  }
}

/** With two seconds of patience in place of ten minutes. */
async function lockHeld() {
  forget();
  const lock = `${SQUASH}/${basename(squashFileOf(IMAGE))}.lock`;
  const holder = spawn('flock', ['--no-fork', lock, 'sleep', '600'], { stdio: 'ignore' });
  await once(holder, 'spawn');
  try {
    const launched = launch('runs', { change: (script) => script.replace('flock -w 600', 'flock -w 2') });
    const outcome = await endsWellWithout(launched);
    assert.match(launched.said(), /^Failed to acquire lock/m);
    return outcome;
  } finally {
    holder.kill();
  }
}

function otherServer() {
  return besideOthers(PORT, async () => {
    const { exit, said } = launch('serves');
    await exit;
    assert.match(said(), /^benchmark takes it for ready/m);
    return 'its own process does not listen; the server of another is taken for it';
  });
}

/** As GitHub cancels a job: SIGINT, SIGTERM, and SIGKILL to what is left. */
async function cancelled() {
  const launched = await underLoad();
  for (const [index, signal] of /** @type {const} */ (['SIGINT', 'SIGTERM']).entries()) {
    signalTo(launched.pid, signal);
    await Promise.race([launched.exit, delay(CANCEL_MS[index])]);
  }
  signalTo(-launched.pid, 'SIGKILL');
  return whatGoesOn(launched);
}

async function killed() {
  const launched = await underLoad();
  signalTo(-launched.pid, 'SIGKILL');
  return whatGoesOn(launched);
}

async function underLoad() {
  const launched = launch('lasts');
  await until(() => /^benchmark runs on/m.test(launched.said()), launched.said);
  return launched;
}

/** @param {number} pid or, negative, a process group @param {NodeJS.Signals} signal */
function signalTo(pid, signal) {
  try {
    process.kill(pid, signal);
  } catch {
    // It has ended.
  }
}

/** @param {Launch} launched */
async function whatGoesOn({ exit, job, said }) {
  const code = await exit;
  await delay(GOES_ON_MS);
  const state = stateOf(job());
  const shown = command('scontrol', '-o', 'show', 'job', job());
  command('scancel', job());
  assert.equal(state, 'RUNNING', said());
  const [, limit] = /TimeLimit=(\S+)/.exec(shown) ?? [];
  return `it ends with ${code}; ten seconds later its job is ${state}, with a limit of ${limit}`;
}

async function nodeFails() {
  const { pid, exit, job } = await underLoad();
  const node = nodeOf(job());
  killNode(node);
  const code = await Promise.race([exit, delay(WAITS_MS).then(() => undefined)]);
  const state = stateOf(job());
  signalTo(-pid, 'SIGKILL');
  startNode(node);
  command('scontrol', 'update', `nodename=${node}`, 'state=resume');
  assert.equal(state, 'NODE_FAIL');
  assert.equal(code, undefined);
  return `its job is ${state}, and it still waits for srun ${WAITS_MS / 60_000} minutes later`;
}

async function controllerStill() {
  const before = numbers();
  process.kill(slurmctld(), 'SIGSTOP');
  const { exit, said } = launch();
  const code = await exit;
  process.kill(slurmctld(), 'SIGCONT');
  await delay(GOES_ON_MS);
  const submitted = numbers().filter((job) => !before.includes(job));
  const states = submitted.map((job) => `job ${job} ${stateOf(job)}`);
  assert.equal(code, 1, said());
  return `exit code ${code}; with the controller back: ${states.join(', ') || 'no job'}`;
}

function numbers() {
  return command('squeue', '-h', '--me', '--states=all', '--partition=h100', '--format=%i')
    .split('\n')
    .filter(Boolean);
}
