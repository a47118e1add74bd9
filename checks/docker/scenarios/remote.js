// @ts-check
import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { newToken } from '@sweepline/core/testing';
import docker, { dockerOptions } from '@sweepline/launcher-docker';
import {
  commandOf,
  damage,
  errorsOf,
  makeWorkspace,
  marked,
  startBystanders,
  startSweep,
  sweep,
} from '../context.js';
import { until } from '../engine/engine.js';
import { IMAGE, importImage, makeSmallRootfs } from '../engine/image.js';
import { isOnPath } from '../engine/needs.js';
import { NAME, startOtherMachine } from '../engine/other-machine.js';
import { startSsh } from '../engine/ssh.js';
import { COUNTS, contract } from './contract.js';
import { guardiansOf, hitInLoad } from './deaths.js';
import { LEAVES, sweepAsUser } from './others.js';
import { SECRETS } from './secrets.js';

/**
 * @typedef {import('../context.js').Context} Context
 * @typedef {import('../run.js').Scenario} Scenario
 * @typedef {import('../engine/other-machine.js').OtherMachine} OtherMachine
 * @typedef {Context & { engine: OtherMachine }} RemoteContext
 */

/** Milliseconds after which a machine that doesn't answer is lost, and some more. */
const LOST_MS = 120_000;
const END_MS = 60_000;
/** An image with nothing but programs that need no libraries. */
const SMALL = 'localhost/sweepline-small:1';
const PORT = 18_766;
const never = new AbortController().signal;

/** @type {OtherMachine | undefined} */
let machine;

/** The other machine, with the image and bystanders. @param {Context} context @returns {Promise<OtherMachine>} */
async function otherMachine({ folder, rootfs, ...rest }) {
  if (machine !== undefined) return machine;
  machine = await startOtherMachine(join(folder, 'other'));
  importImage(rootfs, machine);
  startBystanders({ ...rest, folder, rootfs, engine: machine });
  return machine;
}

/** A scenario whose docker is on the other machine. @param {string} title @param {(context: RemoteContext) => ReturnType<Scenario['run']>} run @returns {Scenario} */
export function remote(title, run) {
  return {
    title: `remote: ${title}`,
    async run(context) {
      const before = process.env['DOCKER_HOST'];
      const engine = await otherMachine(context);
      const there = { ...context, engine };
      Object.assign(process.env, { DOCKER_HOST: engine.env['DOCKER_HOST'] });
      try {
        const outcome = await run(there);
        if ('skipped' in outcome) return outcome;
        await outcome.afterwards?.();
        const left = [...damage(there), ...engine.left()];
        const message = [outcome.said?.message ?? '', ...left].filter(Boolean).join('\n     ');
        return { said: { ...outcome.said, message }, isRight: outcome.isRight && left.length === 0 };
      } finally {
        process.env['DOCKER_HOST'] = before;
      }
    },
  };
}

/**
 * Uses a node with GPUs and a group. @template T @param {RemoteContext} context
 * @param {(executor: import('@sweepline/core').Executor) => Promise<T>} use @returns {Promise<T>}
 */
async function withNode({ folder }, use) {
  const [launcher] = docker;
  const options = dockerOptions.parse({ 'docker-args': ['--group-add=sweepers'] });
  const cluster = { name: 'box', sku: 'h200', runners: [], launcher: 'docker', settings: {}, options };
  const container = { docker: ['--gpus=all', '--group-add=sweepers'], pyxis: [], env: {} };
  const sku = { name: 'h200', vendor: 'nvidia', device: 'h200', devicesPerNode: 8, sources: [] };
  const localDir = await mkdtemp(join(folder, 'lease-'));
  const request = {
    ...{
      token: newToken(),
      name: 'there',
      runner: 'h200',
      sku,
      nodes: 1,
      devicesPerNode: 2,
      container,
      localDir,
    },
    ...{ cluster: { ...cluster, port: /** @type {const} */ ('fixed') }, images: [IMAGE], onHandle: () => {} },
  };
  const lease = await launcher?.acquire(request, never);
  try {
    const [executor] = lease?.executors ?? [];
    if (executor === undefined) throw new Error('there is no node');
    return await use(executor);
  } finally {
    await lease?.[Symbol.asyncDispose]();
  }
}

/** Prints when it listens on a port of the machine. @param {number} port */
const server = (port) => [
  process.execPath,
  '-e',
  `require('node:http').createServer((_, response) => response.end('ok')).listen(${port}, '127.0.0.1', () => console.log('up'))`,
];

/** @param {RemoteContext} context */
const agentOf = ({ engine: { env } }) =>
  execFileSync('docker', ['ps', '--quiet', '--filter', 'label=sweepline.folder'], {
    env,
    encoding: 'utf8',
  }).trim();

/** @type {readonly Scenario[]} */
export const REMOTE = [
  remote('a sweep whose records are what the server counted', (context) => COUNTS.run(context)),
  ...contract('docker', { 'agent-image': IMAGE }).map(({ title, run }) => remote(title, run)),
  remote('a result, which names the other machine', async (context) => {
    const { code, results } = await sweep(context);
    const nodes = results.map((result) => JSON.stringify(result.provenance.hardware));
    return {
      said: { message: nodes.join() },
      isRight: code === 0 && nodes.every((one) => one.includes(NAME)),
    };
  }),
  remote('a docker that ssh leads to', async (context) => {
    const { engine } = context;
    if (!isOnPath('sshd')) return { skipped: "it needs Debian's package openssh-server" };
    const { env, stop } = await startSsh(engine);
    context.ends.push(stop);
    return COUNTS.run({ ...context, engine: { ...engine, env } });
  }),
  remote('a cable that is cut in mid-load, and mended when the machine is given up', async (context) => {
    const { engine } = context;
    const workspace = await makeWorkspace(context, { osl: 400, conc: [4] });
    try {
      const { ended, said } = startSweep(context, workspace);
      await until(() => said().includes('  loading'), 'the load to begin', END_MS);
      engine.cut();
      await until(() => said().includes('retried after'), 'the machine to be given up', LOST_MS);
      engine.mend();
      const { code } = await ended;
      const results = await workspace.results();
      const [lost] = results[0]?.provenance.retries ?? [];
      return { said: lost, isRight: code === 0 && lost?.code === 'LEASE_LOST' };
    } finally {
      await workspace[Symbol.asyncDispose]();
    }
  }),
  remote('a cable that is cut in mid-load, and mended after the sweep has ended', async (context) => {
    const { code, results } = await hitInLoad(context, context.engine.cut);
    const [error] = errorsOf(results);
    return {
      said: error,
      isRight: code === 1 && error?.code === 'ALLOCATION_FAILED' && /does not answer/.test(error.message),
      // The next session removes what is left there.
      async afterwards() {
        context.engine.mend();
        await sweep(context);
      },
    };
  }),
  ...SECRETS.map(({ title, run }) => remote(title, run)),
  remote('a user who is not root, and containers that leave files', async (context) => {
    const env = { NODE_OPTIONS: `--require=${LEAVES}` };
    const { code, said, foreign } = await sweepAsUser(context, [], { cluster: { env } });
    return { said: { message: foreign || said }, isRight: code === 0 && foreign.trim() === '' };
  }),
  remote('GPUs, which processes without a container see as well', async (context) => {
    const { stdout } = await withNode(context, (node) => node.run({ argv: ['ls', '/dev'] }, never));
    return { said: { message: stdout.replaceAll('\n', ' ') }, isRight: stdout.includes('nvidia7') };
  }),
  remote('a group, by the number that the other machine has for it', async (context) => {
    const spec = { argv: ['id', '-G'], container: { image: IMAGE } };
    const { stdout } = await withNode(context, (node) => node.run(spec, never));
    return { said: { message: stdout }, isRight: stdout.split(' ').includes('4321') };
  }),
  remote('ports of a server of ours, and of one of somebody else', async (context) => {
    const { env } = context.engine;
    const others = ['run', '--detach', '--rm', '--network=host', IMAGE, ...server(PORT)];
    const id = execFileSync('docker', others, { env, encoding: 'utf8' }).trim();
    try {
      const isOurs = await withNode(context, async (node) => {
        const own = { argv: server(PORT + 1), container: { image: IMAGE, name: 'server' } };
        for await (const _ of (await node.spawn(own, never)).lines()) break;
        await until(() => node.portInUse(PORT), 'the other server');
        return [await node.isOurs?.(PORT + 1), await node.isOurs?.(PORT)];
      });
      return { said: { message: isOurs.join() }, isRight: isOurs.join() === 'true,false' };
    } finally {
      execFileSync('docker', ['rm', '--force', id], { env });
    }
  }),
  remote('an agent that somebody removes in mid-load', async (context) => {
    const { results } = await hitInLoad(context, () => {
      execFileSync('docker', ['rm', '--force', agentOf(context)], { env: context.engine.env });
    });
    const [lost] = results[0]?.provenance.retries ?? [];
    return { said: lost, isRight: lost?.code === 'LEASE_LOST' && errorsOf(results).length === 0 };
  }),
  remote('Sweepline killed by SIGKILL in mid-load', async (context) => {
    const { code } = await hitInLoad(context, (child) => void child.kill('SIGKILL'));
    const isClean = () => damage(context).length === 0 && context.engine.left().length === 0;
    await until(isClean, 'the guardian to clean up', END_MS).catch(() => {});
    return { said: { message: 'the guardian removes containers and files' }, isRight: code === null };
  }),
  remote('a session whose Sweepline and guardians were killed together', async (context) => {
    await hitInLoad(context, (child) => {
      for (const pid of guardiansOf(child.pid)) process.kill(pid, 'SIGKILL');
      child.kill('SIGKILL');
    });
    const left = damage(context).filter((line) => line.includes('container'));
    const { said } = await sweep(context);
    const lines = said.split('\n').filter((one) => one.includes('removed container'));
    return { said: { message: lines.join('\n     ') }, isRight: left.length === 2 && lines.length === 2 };
  }),
  remote('an image without glibc for the agent', async (context) => {
    const rootfs = join(context.folder, 'small');
    mkdirSync(rootfs, { recursive: true });
    makeSmallRootfs(rootfs);
    importImage(rootfs, context.engine, SMALL);
    const { results } = await sweep(context, { cluster: { 'agent-image': SMALL } });
    const [error] = errorsOf(results);
    return { said: error, isRight: error?.code === 'NODE_UNFIT' && /agent does not run/.test(error.message) };
  }),
  remote('a folder for files that is not there', async (context) => {
    const { results } = await sweep(context, { cluster: { 'node-folder': '/nowhere' } });
    const [error] = errorsOf(results);
    return { said: error, isRight: error?.code === 'NODE_UNFIT' && /lacks a folder/.test(error.message) };
  }),
  ...[/** @type {const} */ ('SIGINT'), /** @type {const} */ ('SIGKILL')].map((signal) =>
    remote(`${signal} while the programs are brought`, async (context) => {
      const workspace = await makeWorkspace(context);
      try {
        const { ended, child } = startSweep(context, workspace);
        await until(
          () => marked().some((pid) => commandOf(pid).includes('docker cp')),
          'the programs',
          END_MS,
        );
        child.kill(signal);
        const { code } = await ended;
        const isClean = () => damage(context).length === 0 && context.engine.left().length === 0;
        await until(isClean, 'what is left to be removed', END_MS).catch(() => {});
        return { isRight: code === (signal === 'SIGINT' ? 130 : null) };
      } finally {
        await workspace[Symbol.asyncDispose]();
      }
    }),
  ),
  remote(
    'two sweeps at once, in an image with a user, a volume and variables of its own',
    async (context) => {
      const { env } = context.engine;
      const image = 'localhost/sweepline-nobody:1';
      const own = ['USER nobody', 'VOLUME /var/tmp', 'ENV NODE_OPTIONS=--require=/nowhere'];
      const changes = own.flatMap((change) => ['--change', change]);
      execFileSync('docker', ['import', ...changes, `${context.rootfs}.tar`, image], { env });
      const point = {
        image,
        cluster: { env: { NODE_OPTIONS: '--no-warnings', XDG_CACHE_HOME: '/dev/shm' } },
      };
      const both = await Promise.all([sweep(context, point), sweep(context, point)]);
      const problems = both.flatMap(({ results }) => errorsOf(results).map(({ message }) => message));
      const volumes = execFileSync('docker', ['volume', 'ls', '--quiet'], { env, encoding: 'utf8' });
      return {
        said: { message: [...problems, volumes].join('; ') },
        isRight: both.every(({ code }) => code === 0) && volumes === '',
      };
    },
  ),
];
