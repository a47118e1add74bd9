// @ts-check
/**
 * Whole sweeps of llamacpp over Slurm, by the command line on a machine of its own.
 *
 * @typedef {import('./scenarios.js').Scenario} Scenario
 */
import assert from 'node:assert/strict';
import { lstatSync, readdirSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { command } from './cluster.js';
import { fill, ours } from './jobs.js';
import { IMAGE, squashFileOf } from './lease.js';
import { processes } from './process-table.js';
import { forget } from './scenarios/images.js';
import { asUser, USER } from './user.js';
import { randomFrom } from '../random.js';
import { argumentsOf, measuredTwice, wholeRun } from '../resume/runs.js';
import { assertCounted, BIN, makeWorkspace, runOf, SECRET, startSweep, until } from './workspace.js';

const [KILLS, LONGEST_MS] = [10, 15_000];

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
  {
    title: 'sweep of an ordinary user in a container: files are theirs',
    kind: 'short',
    run: ofOrdinaryUser,
  },
  {
    title: 'sweep of an ordinary user, who imports the image',
    kind: 'import',
    run: importedByOrdinaryUser,
  },
  { title: 'Sweepline killed in the queue', kind: 'short', run: killedInQueue },
  { title: 'Sweepline killed under load', kind: 'short', run: killedUnderLoad },
  { title: 'Sweepline killed at ten random instants, and resumed', kind: 'long', run: killedAgainAndAgain },
  { title: 'sessions on several nodes at the same time', kind: 'short', run: severalAtOnce },
  { title: 'two runs on one fleet, which has not nodes enough for both', kind: 'short', run: twoRuns },
  { title: 'Ctrl-C while several sessions run', kind: 'short', run: stoppedAtOnce },
  { title: 'job cancelled under load: the point is tried again', kind: 'short', run: cancelledUnderLoad },
];

/** @param {string} image @param {{ folder?: string, as?: readonly string[] }} [how] */
async function counts(image, { folder = makeWorkspace({ image }), as } = {}) {
  const { ended, said } = startSweep(folder, process.env, as);
  await until(() => said().includes('loading'), said);
  const shown = processes().filter(({ commandLine }) => commandLine.includes(SECRET));
  assert.deepEqual(shown, [], 'a command line shows the token');
  assert(!command('scontrol', 'show', 'job').includes(SECRET), 'a job shows the token');
  assert.equal(await ended, 0, said());
  const { run, results } = await runOf(folder);
  assert.equal(results.length, 2);
  for (const { name } of results) assertCounted(run, name, servedIn);
  return `${results.length} points, each record as in the server's log; the token in no command line and no job`;
}

/** @param {string} log of llamacpp's own server */
function servedIn(log) {
  const lines = log.matchAll(/^request id=\S+ state=completed prompt_tokens=(\d+) completion_tokens=(\d+)/gm);
  return [...lines].map(([, prompt, completion]) => `${prompt}/${completion}`);
}

/** The daemons, and what makes containers, are root's. */
async function ofOrdinaryUser() {
  const folder = makeWorkspace({ image: IMAGE });
  command('chown', '-R', `${USER.id}:${USER.id}`, folder);
  const outcome = await counts(IMAGE, { folder, as: asUser() });
  const files = readdirSync(`${folder}/results`, { recursive: true, encoding: 'utf8' });
  const foreign = files.filter((file) => lstatSync(`${folder}/results/${file}`).uid !== USER.id);
  assert.deepEqual(foreign, [], 'files of the results are not the user’s');
  return `${outcome}; ${files.length} files of results, all the user's`;
}

/** The file in the cluster's squash folder is theirs as well, for others to run. */
async function importedByOrdinaryUser() {
  forget();
  const outcome = await ofOrdinaryUser();
  const { uid, mode } = lstatSync(squashFileOf(IMAGE));
  assert.equal(uid, USER.id, 'the squash file is not the user’s');
  assert(mode & 0o044, `others can't read the squash file: its mode is ${(mode & 0o777).toString(8)}`);
  return `${outcome}; the squash file is the user's, mode ${(mode & 0o777).toString(8)}`;
}

/** Kills the command alone; its guardians live. */
function killSweepline() {
  stopSweepline('SIGKILL');
}

/** @param {NodeJS.Signals} signal */
function stopSweepline(signal) {
  const [pid, ...others] = sweeplines();
  assert(pid !== undefined && others.length === 0, 'there is one Sweepline');
  process.kill(pid, signal);
}

function sweeplines() {
  const found = processes().filter(({ commandLine }) =>
    commandLine.startsWith(`${process.execPath}\0${BIN}\0`),
  );
  return found.map(({ pid }) => Number(pid));
}

async function killedInQueue() {
  const full = fill();
  try {
    const { ended, said } = startSweep(makeWorkspace());
    await until(() => ours().some(({ state }) => state === 'PENDING'), said);
    killSweepline();
    await ended;
    return `its job: ${jobText() ?? 'none in the queue'}`;
  } finally {
    command('scancel', full);
  }
}

async function killedUnderLoad() {
  const folder = makeWorkspace();
  const { ended, said } = startSweep(folder);
  await until(() => said().includes('loading'), said);
  killSweepline();
  await ended;
  const job = jobText() ?? 'no job left';
  // What an agent that was killed left on its node is removed by the next session there.
  const next = startSweep(folder);
  assert.equal(await next.ended, 0, next.said());
  return `${job}; the next sweep: ${/removed what a killed session left on \S+/.exec(next.said())?.[0] ?? 'nothing was left'}`;
}

/** Each time from a login node of its own, from which it can't be seen that the earlier process has ended. */
async function killedAgainAndAgain() {
  const random = randomFrom(1);
  const points = 8;
  const conc = Array.from({ length: points }, (_, index) => index + 1);
  const folder = makeWorkspace({ conc, cluster: { nodes: 2 } });
  const seen = new Map();
  let done = 0;
  for (let kills = 0; ; kills += 1) {
    const begun = await argumentsOf(folder);
    const own = begun.includes('--resume') ? [...begun, '--take-over'] : [...begun, 'configs/c.yaml'];
    const { ended, said } = startSweep(folder, process.env, [], own);
    if (kills < KILLS) {
      await delay(1_000 + random() * LONGEST_MS);
      // It may have ended by itself.
      for (const pid of sweeplines()) {
        process.kill(pid, 'SIGKILL');
        done += 1;
      }
    }
    const code = await ended;
    assert.deepEqual(await measuredTwice(folder, seen), [], said());
    // The shell around it says of a kill 137.
    if (code !== 137 || kills > KILLS) break;
  }
  assert.deepEqual(await wholeRun(folder, points), []);
  return `${done} kills; ${seen.size} points, each once; jobs left: ${ours().length}`;
}

async function severalAtOnce() {
  const folder = makeWorkspace({ conc: [1, 2, 3], cluster: { nodes: 3 } });
  const { ended, said } = startSweep(folder);
  let most = 0;
  const looking = setInterval(() => (most = Math.max(most, ours().length)), 500);
  assert.equal(await ended, 0, said());
  clearInterval(looking);
  const { results } = await runOf(folder);
  const nodes = new Set(results.map(({ provenance }) => provenance.hardware?.node));
  assert.equal(results.filter(({ state }) => state === 'completed').length, 3);
  assert(most > 1 && nodes.size > 1, `${most} jobs at once on ${[...nodes].join(', ')}`);
  return `${most} jobs at once, on ${[...nodes].sort().join(', ')}`;
}

async function twoRuns() {
  const folders = [1, 2].map(() => makeWorkspace({ conc: [1, 2, 3], cluster: { nodes: 3 } }));
  const sweeps = folders.map((folder) => startSweep(folder));
  let most = 0;
  /** @type {string[]} */
  const shared = [];
  const looking = setInterval(() => {
    const nodes = ours().flatMap(({ state, node }) => (state === 'RUNNING' ? [node] : []));
    most = Math.max(most, nodes.length);
    shared.push(...nodes.filter((node, index) => nodes.indexOf(node) !== index));
  }, 500);
  for (const { ended, said } of sweeps) assert.equal(await ended, 0, said());
  clearInterval(looking);
  assert.deepEqual(shared, [], 'a node has two sessions');
  for (const folder of folders) assert.deepEqual(await wholeRun(folder, 3), []);
  return `${most} jobs at once, none on the node of another; each run has its three results, and nothing of the other's`;
}

async function stoppedAtOnce() {
  const folder = makeWorkspace({ conc: [1, 2, 3], cluster: { nodes: 3 } });
  const { ended, said } = startSweep(folder);
  await until(() => said().split(' loading').length > 2, said);
  stopSweepline('SIGINT');
  assert.equal(await ended, 130, said());
  assert.deepEqual(ours(), []);
  const { results } = await runOf(folder);
  return `${results.map(({ state }) => state).join(', ')}; no job left`;
}

async function cancelledUnderLoad() {
  const { ended, said } = startSweep(makeWorkspace());
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
