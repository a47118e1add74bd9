// @ts-check
/**
 * Fourteen nights of one short point of a real engine, judged by `sweepline gate` against what was measured first: `node
 * checks/compare/nights.js [--repeats 8]`. Four nights have one planted cause each: the server stands still for five seconds, the weights
 * have another seed, the engine's package has another version, a step takes fewer tokens. No other night may be red, and each cause has to
 * be named. Linux only; a quiet machine, for minutes.
 */
import { cpSync, mkdirSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { execa } from 'execa';
import { kill, named } from '../processes.js';

const ROOT = join(import.meta.dirname, '../..');
const PACKAGES = join(ROOT, 'packages');
const BIN = join(PACKAGES, 'core/bin/sweepline.js');
/** Where packages of the copied plugin are found as well. */
const WORKSPACE = join(ROOT, 'node_modules/.cache', `sweepline-nights-${process.pid}`);
const ENGINE = join(WORKSPACE, 'node_modules/@sweepline/plugin-llamacpp');
const USED = ['core', 'hw-cpu', 'store'];
const NIGHTS = 14;
const STALL_MS = 5000;
/** After the first word of the load; warm-up is over by then. */
const STALL_AFTER_MS = 1200;

const { values } = parseArgs({ options: { repeats: { type: 'string', default: '8' } } });

/**
 * @typedef {object} Cause
 * @property {string} what
 * @property {RegExp} named What a finding has to say.
 * @property {Readonly<Record<string, unknown>>} [options]
 * @property {string} [version]
 * @property {boolean} [stalls]
 */

/** @type {Readonly<Record<number, Cause>>} By night. */
const CAUSES = {
  3: { what: 'the server stands still for 5 s', named: /stall|stood still/, stalls: true },
  6: { what: 'weights of another seed', named: /seed/, options: { seed: 7 } },
  9: { what: 'another version of the engine', named: /version is 99\.0\.0/, version: '99.0.0' },
  12: { what: 'at most 64 tokens a step', named: /batch/, options: { 'batch-size': 64 } },
};

/** @param {string} against The run that was measured first. */
const rulesOf = (against) => [
  { rule: 'completeness', reason: 'a night without a result' },
  { rule: 'marks', codes: ['server-stall'], reason: 'a result that is invalid, or stalled' },
  {
    rule: 'regression',
    against,
    metrics: ['tput_per_gpu=10%'],
    unsure: 'passes',
    reason: 'slower',
  },
  { rule: 'settings', against, reason: 'something was changed' },
];

mkdirSync(join(WORKSPACE, 'configs'), { recursive: true });
try {
  prepare();
  const wrong = await run();
  console.log(wrong.length === 0 ? 'as it should be' : wrong.join('\n'));
  process.exitCode = wrong.length === 0 ? 0 : 1;
} finally {
  rmSync(WORKSPACE, { recursive: true });
}

function prepare() {
  const modules = join(WORKSPACE, 'node_modules/@sweepline');
  mkdirSync(modules, { recursive: true });
  for (const name of USED) symlinkSync(join(PACKAGES, name), join(modules, name));
  const plugins = ['plugin-llamacpp', 'hw-cpu', 'store'].map((name) => `@sweepline/${name}`);
  const runners = { cpu: { sku: 'cpu', launcher: 'local' } };
  write('configs/sweepline.yaml', { plugins, runners, 'default-configs': ['configs/point.yaml'] });
  write('package.json', { type: 'module' });
}

async function run() {
  const first = await sweep(undefined, ['--repeat', values.repeats]);
  write('gate.yaml', { rules: rulesOf(first) });
  /** @type {string[]} */
  const wrong = [];
  for (let night = 1; night <= NIGHTS; night += 1) {
    const cause = CAUSES[night];
    const measured = await sweep(cause, []);
    const gate = [BIN, 'gate', measured, '--json'];
    const { stdout, stderr } = await execa(process.execPath, gate, { cwd: WORKSPACE, reject: false });
    if (stdout === '') throw new Error(stderr);
    /** @type {readonly string[]} */
    const found = JSON.parse(stdout).rules.flatMap((/** @type {any} */ { rule, findings }) =>
      findings.flatMap((/** @type {any} */ { status, message }) =>
        status === 'failed' ? [`${rule}: ${message}`] : [],
      ),
    );
    console.log(
      `night ${night}${cause === undefined ? '' : ` (${cause.what})`}: ${found.join('; ') || 'green'}`,
    );
    if (cause === undefined && found.length > 0) wrong.push(`night ${night} is red without a cause`);
    if (cause !== undefined && !found.some((text) => cause.named.test(text)))
      wrong.push(`night ${night}: nothing names its cause: ${cause.what}`);
  }
  return wrong;
}

/** @param {Cause | undefined} cause @param {readonly string[]} more @returns name of the run */
async function sweep(cause, more) {
  takeEngine(cause?.version);
  const entry = {
    ...{ image: 'host', model: 'synthetic:17m', 'model-prefix': 'synthetic-17m', runner: 'cpu' },
    ...{ precision: 'int4', framework: 'llamacpp', multinode: false, options: cause?.options ?? {} },
    'seq-len-configs': [{ isl: 64, osl: 64, 'search-space': [{ tp: 1, 'conc-list': [4] }] }],
  };
  write('configs/point.yaml', { point: entry });
  const token = `nights-${process.pid}`;
  const args = [BIN, 'sweep', '--allow-invalid', ...more];
  const running = execa(process.execPath, args, { cwd: WORKSPACE, env: { SWEEPLINE_CHECK: token } });
  if (cause?.stalls === true) await stall(running.stderr, token);
  await running;
  // Names of runs begin with their day; the index lies there as well.
  const runs = readdirSync(join(WORKSPACE, 'results')).filter((name) => /^\d{8}T/.test(name));
  return runs.sort().at(-1) ?? '';
}

/** @param {NodeJS.ReadableStream | null} stderr @param {string} token */
async function stall(stderr, token) {
  if (stderr === null) throw new Error('no output');
  await new Promise((resolve) => {
    stderr.on('data', (text) => String(text).includes('loading') && resolve(undefined));
    stderr.on('end', resolve);
  });
  await delay(STALL_AFTER_MS);
  const servers = named(token, 'main');
  for (const pid of servers) kill(pid, 'SIGSTOP');
  await delay(STALL_MS);
  for (const pid of servers) kill(pid, 'SIGCONT');
}

/** The engine's package, or a copy of it with another version. @param {string | undefined} version */
function takeEngine(version) {
  rmSync(ENGINE, { recursive: true, force: true });
  const original = join(PACKAGES, 'plugin-llamacpp');
  if (version === undefined) symlinkSync(original, ENGINE);
  else {
    cpSync(original, ENGINE, { recursive: true, filter: (path) => !path.includes('node_modules/.') });
    const file = join(ENGINE, 'package.json');
    writeFileSync(file, JSON.stringify({ ...JSON.parse(readFileSync(file, 'utf8')), version }));
  }
}

/** JSON is YAML. @param {string} path @param {unknown} content */
function write(path, content) {
  writeFileSync(join(WORKSPACE, path), JSON.stringify(content));
}
