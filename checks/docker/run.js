// @ts-check
/**
 * Starts containers with a real engine, and provokes what goes wrong on real machines: node checks/docker/run.js
 * [--engine docker|podman] [--short] [--only WORDS]. Needs a build, root, and Debian's packages docker.io or podman, and others (README.md).
 * Linux only: the engine has a mount and a network namespace of its own, which go with it.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { installLlamaServer } from '../llama-server.js';
import { attemptInstall } from '../python.js';
import { installDynamo } from '../real-dynamo/environment.js';
import { damage, startBystanders } from './context.js';
import { startEngine } from './engine/engine.js';
import { importImage, makeRootfs } from './engine/image.js';
import { missingHere } from './engine/needs.js';
import { contract, COUNTS } from './scenarios/contract.js';
import { GPUS } from './scenarios/gpus.js';
import { DYNAMO } from './scenarios/dynamo.js';
import { DEATHS } from './scenarios/deaths.js';
import { IMAGES } from './scenarios/images.js';
import { LLAMA_SERVER } from './scenarios/llama-server.js';
import { REMOTE_ENERGY } from './scenarios/remote-energy.js';
import { REMOTE } from './scenarios/remote.js';
import { SECRETS } from './scenarios/secrets.js';
import { OTHERS } from './scenarios/others.js';
import { UNFIT } from './scenarios/unfit.js';

/**
 * @typedef {import('./context.js').Context} Context
 * @typedef {{ code?: string, layer?: string, where?: string, message: string, hint?: string }} Said
 * @typedef {{ isRight: boolean, said?: Said, afterwards?: () => Promise<unknown>, restartsBystanders?: boolean } | { skipped: string }} Outcome
 * @typedef {{ title: string, run: (context: Context) => Promise<Outcome> }} Scenario
 */

const { values } = parseArgs({
  options: {
    engine: { type: 'string', default: 'docker' },
    short: { type: 'boolean', default: false },
    only: { type: 'string', default: '' },
    inside: { type: 'string' },
  },
});
const program = values.engine === 'podman' ? 'podman' : 'docker';

if (values.inside !== undefined) process.exitCode = await check(values.inside);
else {
  const missing = missingHere(program);
  if (missing !== undefined) console.log(`skipped: ${missing}`);
  else {
    if (scenarios().includes(LLAMA_SERVER)) attemptInstall('llama-server', installLlamaServer);
    if (scenarios().includes(DYNAMO)) attemptInstall('Dynamo', installDynamo);
    const folder = mkdtempSync(join(tmpdir(), 'sweepline-docker-'));
    chmodSync(folder, 0o755);
    const own = [fileURLToPath(import.meta.url), ...process.argv.slice(2), '--inside', folder];
    // What is left in the namespace of processes ends with it, however this ends.
    const namespaces = [
      '--mount',
      '--net',
      '--pid',
      '--fork',
      '--kill-child',
      '--mount-proc',
      // A shell takes in what loses its parent: a containerd that is only a zombie looks alive to the next dockerd.
      ...['sh', '-c', '"$@"; exit $?', 'sh'],
      process.execPath,
      ...own,
    ];
    const { status } = spawnSync('unshare', namespaces, { stdio: 'inherit' });
    // The mounts of the engine went with the namespace.
    rmSync(folder, { recursive: true, force: true });
    process.exitCode = status ?? 1;
  }
}

/** @param {string} folder @returns {Promise<number>} the exit code */
async function check(folder) {
  execFileSync('ip', ['link', 'set', 'lo', 'up']);
  const rootfs = join(folder, 'rootfs');
  makeRootfs(rootfs);
  const engine = await startEngine(program, join(folder, 'engine'));
  Object.assign(process.env, engine.env);
  /** @type {Context} */
  const context = { engine, rootfs, folder, ends: [] };
  let failed = 0;
  try {
    importImage(rootfs, engine);
    startBystanders(context);
    for (const scenario of scenarios()) if (!(await play(scenario, context))) failed += 1;
  } finally {
    try {
      removeAll(context);
    } finally {
      await engine.stop();
    }
  }
  console.log(failed === 0 ? 'all as expected' : `${failed} not as expected`);
  return failed === 0 ? 0 : 1;
}

/** @returns {readonly Scenario[]} */
function scenarios() {
  const all = [
    ...contract(program),
    COUNTS,
    LLAMA_SERVER,
    DYNAMO,
    ...IMAGES,
    ...OTHERS,
    ...UNFIT,
    ...SECRETS,
    ...GPUS,
    ...DEATHS,
    // A podman of another machine is refused.
    ...(program === 'docker' ? [...REMOTE, REMOTE_ENERGY] : []),
  ];
  const chosen = values.short ? [COUNTS, ...all.filter(isShort)] : all;
  return chosen.filter(({ title }) => title.includes(values.only));
}

/** @param {Scenario} scenario */
function isShort({ title }) {
  return title === REMOTE[0]?.title || (title.includes('a container') && !title.startsWith('remote: '));
}

/** Prints what came of a scenario: whether it is right, what is said, and what it left behind. @param {Scenario} scenario @param {Context} context */
async function play({ title, run }, context) {
  const begin = performance.now();
  /** @type {Outcome} */
  const outcome = await run(context).catch((error) => {
    console.log(`NO ${title}: ${error.stack}`);
    return { isRight: false };
  });
  for (const end of context.ends.splice(0)) await end();
  if ('skipped' in outcome) {
    console.log(`-  ${title}: skipped, ${outcome.skipped}`);
    return true;
  }
  await outcome.afterwards?.();
  if (outcome.restartsBystanders) restartBystanders(context);
  const left = damage(context);
  const isRight = outcome.isRight && left.length === 0;
  console.log(`${isRight ? 'ok' : 'NO'} ${title} (${((performance.now() - begin) / 1000).toFixed(1)} s)`);
  const { said } = outcome;
  if (said !== undefined) {
    const where = [said.code, said.layer, said.where].filter((part) => part !== undefined).join(', ');
    console.log(`     ${where === '' ? '' : `[${where}] `}${said.message}`);
    if (said.hint !== undefined) console.log(`     → ${said.hint}`);
  }
  for (const line of left) console.log(`     ${line}`);
  return isRight;
}

/** A daemon that was killed ended the containers of all. @param {Context} context */
function restartBystanders({ engine: { env } }) {
  execFileSync(program, ['start', 'bystander', 'sweepline-000000000000-server-0-0'], { env });
}

/** @param {Context} context */
function removeAll({ engine: { env } }) {
  const all = execFileSync(program, ['ps', '--all', '--quiet'], { env, encoding: 'utf8' })
    .split('\n')
    .filter(Boolean);
  if (all.length > 0) execFileSync(program, ['rm', '--force', ...all], { env, stdio: 'ignore' });
}
