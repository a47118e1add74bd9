// @ts-check
/**
 * Fourteen nights of one short point of a real engine, each judged by `sweepline gate` against the last of the nights before, from which
 * noise is learnt: `node checks/compare/nights.js [--before 10]`. Four nights have one planted cause each, which no config says: the server
 * stands still for five seconds, its weights have another seed, the engine's package has another version, a step takes fewer tokens. No
 * other night may be red, and each cause has to be named. Linux only; a quiet machine, for minutes.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { delimiter, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { MARKER, newToken } from '@sweepline/core/testing';
import { execa } from 'execa';
import { kill, named } from '../processes.js';

const ROOT = join(import.meta.dirname, '../..');
const PACKAGES = join(ROOT, 'packages');
const BIN = join(PACKAGES, 'core/bin/sweepline.js');
/** Packages of the copied plugin are found from here as well. */
const WORKSPACE = join(ROOT, 'node_modules/.cache', `sweepline-nights-${process.pid}`);
const ENGINE = join(WORKSPACE, 'node_modules/@sweepline/plugin-llamacpp');
const PLUGINS = ['plugin-llamacpp', 'hw-cpu', 'store'].map((name) => `@sweepline/${name}`);
const NIGHTS = 14;
const STALL_MS = 5000;
/** Requests of the load that have been answered by then, of 40. */
const STALL_AFTER = 10;
const POLL_MS = 20;
/** Within which it has. */
const STALL_WITHIN_MS = 60_000;

const { values } = parseArgs({ options: { before: { type: 'string', default: '10' } } });

/**
 * @typedef {object} Cause
 * @property {string} what
 * @property {RegExp} named What a finding has to say.
 * @property {string} [append] Arguments that the engine is started with and the plan does not have.
 * @property {string} [version] Of the engine's package.
 * @property {boolean} [stalls]
 */

/** @type {Readonly<Record<number, Cause>>} By night. */
const CAUSES = {
  3: { what: 'the server stands still for 5 s', named: /server-stall: /, stalls: true },
  6: { what: 'weights of another seed', named: /\bseed\b/, append: '--seed 7' },
  9: {
    what: 'another version of the engine',
    named: /framework\.version is 99\.0\.0/,
    version: '99.0.0',
  },
  12: { what: 'at most 64 tokens a step', named: /batch-size/, append: '--batch-size 64' },
};

/** @param {string} against The last of the nights before. */
const rulesOf = (against) => [
  { rule: 'completeness', reason: 'a night without a result' },
  {
    rule: 'marks',
    codes: ['server-stall', 'settings-differ'],
    // That somebody else works on this machine is no fault of the night.
    except: ['machine-shared'],
    reason: 'a result that is invalid, stalled, or of other settings',
  },
  { rule: 'regression', against, metrics: ['tput_per_gpu=10%'], unsure: 'passes', reason: 'slower' },
  { rule: 'settings', against, reason: 'something was changed' },
];

mkdirSync(join(WORKSPACE, 'configs'), { recursive: true });
try {
  prepare();
  const wrong = await check();
  console.log(wrong.length === 0 ? 'as it should be' : wrong.join('\n'));
  process.exitCode = wrong.length === 0 ? 0 : 1;
} finally {
  rmSync(WORKSPACE, { recursive: true });
}

function prepare() {
  const modules = join(WORKSPACE, 'node_modules/@sweepline');
  mkdirSync(modules, { recursive: true });
  for (const name of ['core', 'hw-cpu', 'store']) symlinkSync(join(PACKAGES, name), join(modules, name));
  const runners = { cpu: { sku: 'cpu', launcher: 'local' } };
  write('configs/sweepline.yaml', { plugins: PLUGINS, runners, 'default-configs': ['configs/point.yaml'] });
  const point = {
    ...{ image: 'host', model: 'synthetic:17m', 'model-prefix': 'synthetic-17m', runner: 'cpu' },
    ...{ precision: 'int4', framework: 'llamacpp', multinode: false },
    'seq-len-configs': [{ isl: 64, osl: 64, 'search-space': [{ tp: 1, 'conc-list': [4] }] }],
  };
  write('configs/point.yaml', { point });
  write('package.json', { type: 'module' });
  mkdirSync(join(WORKSPACE, 'programs'));
  symlinkSync(join(import.meta.dirname, '../effective/shim.sh'), join(WORKSPACE, 'programs/node'));
}

async function check() {
  for (let before = Number(values.before); before > 0; before -= 1) await sweep(undefined);
  write('gate.yaml', { rules: rulesOf(lastRun()) });
  /** @type {string[]} */
  const wrong = [];
  for (let night = 1; night <= NIGHTS; night += 1) {
    const cause = CAUSES[night];
    await sweep(cause);
    const said = await findings(lastRun());
    const red = said.filter(({ status }) => status === 'failed').map(({ text }) => text);
    const what = cause === undefined ? '' : ` (${cause.what})`;
    console.log(
      `night ${night}${what}: ${said.map(({ status, text }) => `${status}: ${text}`).join('; ') || 'green'}`,
    );
    if (cause === undefined && red.length > 0) wrong.push(`night ${night} is red without a cause`);
    if (cause !== undefined && !red.some((text) => cause.named.test(text)))
      wrong.push(`night ${night}: nothing names its cause: ${cause.what}`);
  }
  return wrong;
}

/** @param {string} run @returns {Promise<readonly { status: string, text: string }[]>} */
async function findings(run) {
  const gate = [BIN, 'gate', run, '--json'];
  const { stdout, stderr } = await execa(process.execPath, gate, { cwd: WORKSPACE, reject: false });
  if (stdout === '') throw new Error(stderr);
  /** @type {{ rules: readonly { rule: string, findings: readonly { status: string, message: string }[] }[] }} */
  const { rules } = JSON.parse(stdout);
  return rules.flatMap((one) =>
    one.findings.map(({ status, message }) => ({ status, text: `${one.rule}: ${message}` })),
  );
}

/** @param {Cause | undefined} cause */
async function sweep(cause) {
  takeEngine(cause?.version);
  const token = newToken();
  const command = spawn(process.execPath, [BIN, 'sweep', '--allow-invalid'], {
    cwd: WORKSPACE,
    stdio: ['ignore', 'ignore', 'pipe'],
    env: {
      ...process.env,
      [MARKER]: token,
      PATH: [join(WORKSPACE, 'programs'), process.env['PATH']].join(delimiter),
      ...{ SHIM_PROGRAM: process.execPath, SHIM_ONLY: 'server/main.js', SHIM_APPEND: cause?.append ?? '' },
    },
  });
  const ended = once(command, 'close');
  let said = '';
  command.stderr.on('data', (text) => (said += text));
  if (cause?.stalls === true)
    await stall(token, lastRun()).catch(async (thrown) => {
      command.kill();
      await ended;
      throw thrown;
    });
  const [code] = await ended;
  if (code !== 0) throw new Error(`a sweep ended with ${code}: ${said}`);
}

/** Under load. @param {string} token @param {string} before The run before. */
async function stall(token, before) {
  const deadline = performance.now() + STALL_WITHIN_MS;
  while (lastRun() === before || answered() < STALL_AFTER) {
    if (performance.now() > deadline) throw new Error('the server does not come so far');
    await delay(POLL_MS);
  }
  const servers = named(token, 'server/main');
  if (servers.length === 0) throw new Error('there is no server to stop');
  for (const pid of servers) kill(pid, 'SIGSTOP');
  await delay(STALL_MS);
  for (const pid of servers) kill(pid, 'SIGCONT');
}

/** Requests of the load that have been answered, by its records, which grow in the folder of the session; their first line is the load's. */
function answered() {
  const sessions = join(WORKSPACE, 'results', lastRun(), 'sessions');
  if (!existsSync(sessions)) return 0;
  const [records] = readdirSync(sessions, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('records.jsonl'),
  );
  return records === undefined ? 0 : readFileSync(join(sessions, records), 'utf8').split('\n').length - 2;
}

/** Names of runs begin with their day; the index lies there as well. */
function lastRun() {
  const runs = readdirSync(join(WORKSPACE, 'results')).filter((name) => /^\d{8}T/.test(name));
  return runs.sort().at(-1) ?? '';
}

/** The engine's package, or a copy of it with another version. @param {string | undefined} version */
function takeEngine(version) {
  rmSync(ENGINE, { recursive: true, force: true });
  const original = join(PACKAGES, 'plugin-llamacpp');
  if (version === undefined) symlinkSync(original, ENGINE);
  else {
    cpSync(original, ENGINE, { recursive: true });
    const file = join(ENGINE, 'package.json');
    writeFileSync(file, JSON.stringify({ ...JSON.parse(readFileSync(file, 'utf8')), version }));
  }
}

/** JSON is YAML. @param {string} path @param {unknown} content */
function write(path, content) {
  writeFileSync(join(WORKSPACE, path), JSON.stringify(content));
}
