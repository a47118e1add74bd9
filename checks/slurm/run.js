// @ts-check
/**
 * The slurm launcher on a real Slurm: node checks/slurm/run.js [--short] [--pyxis] [--only PART OF A TITLE]
 * Needs root, Linux and the packages of README.md; with --pyxis, ENROOT_SRC and PYXIS_SRC, and INFERENCEX_SRC for its own scripts.
 * Nothing of this machine is touched: it has namespaces of its own, which end with it.
 */
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { installLlamaServer } from '../llama-server.js';
import { attemptInstall } from '../python.js';
import { installDynamo } from '../real-dynamo/environment.js';
import { ROOT, startCluster } from './cluster.js';
import { nodesOf } from './config.js';
import { ENGINES } from './engines.js';
import { leftBehind, startBystanders, touched } from './evidence.js';
import { GPUS } from './gpus.js';
import { makeRootFileSystem, makeSquashFile } from './image.js';
import { INFERENCEX } from './inferencex.js';
import { IMAGE, squashFileOf } from './lease.js';
import { missing } from './packages.js';
import { buildPyxis, buildStandIn } from './pyxis.js';
import { pushImage, startRegistry } from './registry.js';
import { SCENARIOS } from './scenarios.js';
import { SWEEPS } from './sweeps.js';
import { UNFIT } from './unfit.js';
import { asUser, makeUser } from './user.js';

const NODES = 5;
const NAMESPACES = ['--mount', '--net', '--pid', '--uts', '--fork', '--kill-child', '--mount-proc'];
const { values } = parseArgs({
  options: {
    short: { type: 'boolean', default: false },
    pyxis: { type: 'boolean', default: false },
    only: { type: 'string', default: '' },
    inside: { type: 'boolean', default: false },
  },
});

process.exit(await (values.inside ? check() : enter()));

/** Does it all again in namespaces of its own, below a shell that takes in whatever loses its parent. */
async function enter() {
  const reason = missing(values.pyxis);
  if (reason !== undefined) {
    console.log(`skipped: ${reason}`);
    return 0;
  }
  if (!values.short && ENGINES.some(({ title }) => title.includes(values.only))) {
    attemptInstall('llama-server', installLlamaServer);
    attemptInstall('Dynamo', installDynamo);
  }
  const self = [process.execPath, fileURLToPath(import.meta.url), ...process.argv.slice(2), '--inside'];
  const child = spawn('unshare', [...NAMESPACES, 'sh', '-c', '"$@"; exit $?', 'sh', ...self], {
    stdio: 'inherit',
  });
  // All that runs in the namespaces ends with unshare.
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, () => child.kill('SIGKILL'));
  const [status] = await once(child, 'exit');
  return status ?? 1;
}

async function check() {
  // Names a file of this machine, which images lack: Node.js would say so in every log.
  delete process.env['NODE_EXTRA_CA_CERTS'];
  const hosts = nodesOf(NODES).map(({ name }) => name);
  await startCluster(NODES, () =>
    values.pyxis ? buildPyxis(env('ENROOT_SRC'), env('PYXIS_SRC'), hosts) : buildStandIn(),
  );
  makeUser();
  makeRootFileSystem(`${ROOT}/rootfs`);
  mkdirSync(`${ROOT}/squash`);
  // Several users import to it, and remove nothing of each other.
  chmodSync(`${ROOT}/squash`, 0o1777);
  makeSquashFile(`${ROOT}/rootfs`, squashFileOf(IMAGE));
  if (values.pyxis) {
    await startRegistry();
    pushImage(`${ROOT}/rootfs`, 'tiny:1');
  }
  const others = await startBystanders();
  console.log(execFileSync('sinfo', ['-N'], { encoding: 'utf8' }));
  let failed = ['', 'suite'].includes(values.only) ? suite([]) : 0;
  if (values.only === 'user suite' || (values.only === '' && !values.short)) failed += suite(asUser());
  failed += await report('after the suite', async () => '', others);
  const kinds = ['short', ...(values.short ? [] : ['long']), ...(values.pyxis ? ['import'] : [])];
  if (values.pyxis && env('INFERENCEX_SRC') !== '') kinds.push('inferencex');
  for (const { title, kind, run } of [...SWEEPS, ...ENGINES, ...GPUS, ...SCENARIOS, ...UNFIT, ...INFERENCEX])
    if (kinds.includes(kind) && title.includes(values.only)) failed += await report(title, run, others);
  console.log(failed === 0 ? 'all hold' : `${failed} FAILED`);
  return failed === 0 ? 0 : 1;
}

/** On a machine of its own: processes of the nodes can't be seen there. @param {readonly string[]} as what runs it as another user */
function suite(as) {
  const script = fileURLToPath(new URL('suite.js', import.meta.url));
  const { status } = spawnSync(
    'unshare',
    ['--pid', '--fork', '--kill-child', '--mount-proc', ...as, process.execPath, script],
    { stdio: 'inherit' },
  );
  return status === 0 ? 0 : 1;
}

/** @param {string} title @param {() => Promise<string>} run @param {readonly string[]} others */
async function report(title, run, others) {
  const started = Date.now();
  const outcome = await run().catch(
    (/** @type {unknown} */ thrown) => `FAIL ${thrown instanceof Error ? thrown.stack : String(thrown)}`,
  );
  const seconds = ((Date.now() - started) / 1000).toFixed(0);
  const problems = [
    ...(await leftBehind()).map((left) => `left: ${left}`),
    ...touched(others).map((other) => `touched: ${other}`),
  ];
  const isWell = problems.length === 0 && !outcome.startsWith('FAIL');
  console.log(
    `${isWell ? 'ok   ' : 'FAIL '} ${title} (${seconds} s)\n      ${[outcome, ...problems].join('\n      ')}`,
  );
  return isWell ? 0 : 1;
}

/** @param {string} name */
function env(name) {
  return process.env[name] ?? '';
}
