// @ts-check
import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, chownSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { errorsOf, makeWorkspace, startSweep, sweep } from '../context.js';
import { until } from '../engine/engine.js';

/** @typedef {import('../context.js').Context} Context @typedef {import('../run.js').Scenario} Scenario */

export const LEAVES = fileURLToPath(new URL('../engine/leave-files.cjs', import.meta.url));
const PORT = 18_765;
const USER = { name: 'sweeper', id: 4321 };

/** Answers as a server that is ready. */
const IMPOSTOR = `require('node:http').createServer((_, response) => response.end('ok')).listen(${PORT}, '127.0.0.1')`;

/** Makes a user in this mount namespace, with a program in front of commands that run as that user. @param {Context} context @param {readonly number[]} groups */
function asUser({ folder }, groups) {
  const passwd = join(folder, 'passwd');
  const line = `${USER.name}:x:${USER.id}:${USER.id}::/tmp:/bin/sh\n`;
  if (!readFileSync('/etc/passwd', 'utf8').includes(line)) {
    writeFileSync(passwd, readFileSync('/etc/passwd', 'utf8') + line);
    execFileSync('mount', ['--bind', passwd, '/etc/passwd']);
  }
  const in_ = groups.length === 0 ? ['--clear-groups'] : [`--groups=${groups.join(',')}`];
  return [
    'setpriv',
    `--reuid=${USER.id}`,
    `--regid=${USER.id}`,
    ...in_,
    'env',
    'HOME=/tmp',
    'XDG_CACHE_HOME=/tmp/sweeper-cache',
  ];
}

/** @param {Context} context @param {readonly number[]} groups @param {import('../context.js').Point} [point] */
export async function sweepAsUser(context, groups, point) {
  const workspace = await makeWorkspace(context, point);
  try {
    execFileSync('chown', ['-R', '-h', `${USER.id}:${USER.id}`, workspace.root]);
    const { code, said } = await startSweep(context, workspace, asUser(context, groups)).ended;
    const foreign = execFileSync('find', [workspace.root, '!', '-uid', String(USER.id)], {
      encoding: 'utf8',
    });
    return { code, said, foreign, results: await workspace.results().catch(() => []) };
  } finally {
    await workspace[Symbol.asyncDispose]();
  }
}

/** @type {readonly Scenario[]} */
export const OTHERS = [
  {
    title: 'a port on which the server of somebody else answers',
    async run(context) {
      const impostor = spawn(process.execPath, ['-e', IMPOSTOR], { stdio: 'ignore' });
      try {
        await until(
          () =>
            fetch(`http://127.0.0.1:${PORT}`).then(
              () => true,
              () => false,
            ),
          'the other server',
        );
        const { code, results } = await sweep(context, { options: { port: PORT } });
        const [error] = errorsOf(results);
        const isAlive = impostor.exitCode === null;
        return { said: error, isRight: code === 1 && error?.code === 'SERVER_PORT_IN_USE' && isAlive };
      } finally {
        impostor.kill();
      }
    },
  },
  {
    title: 'a user who may not use the engine',
    async run(context) {
      if (context.engine.program !== 'docker') return { skipped: 'podman needs no rights' };
      const { results } = await sweepAsUser(context, []);
      const [error] = errorsOf(results);
      return {
        said: error,
        isRight: error?.code === 'ALLOCATION_FAILED' && /may not use docker/.test(error.message),
      };
    },
  },
  {
    title: 'files of root in the folder of another user',
    async run(context) {
      if (context.engine.program !== 'docker') return { skipped: 'podman runs as its user' };
      const socket = join(context.engine.root, 'docker.sock');
      chownSync(socket, 0, USER.id);
      chmodSync(socket, 0o660);
      const env = { NODE_OPTIONS: `--require=${LEAVES}` };
      const { code, said, foreign } = await sweepAsUser(context, [USER.id], { cluster: { env } });
      return {
        said: { message: foreign.trim() === '' ? 'no file of root is left' : foreign },
        isRight: code === 0 && foreign.trim() === '' && !/can't remove/.test(said),
      };
    },
  },
  {
    title: 'a folder that is not there',
    async run(context) {
      const { results } = await sweep(context, { cluster: { 'hf-cache': '/nowhere/hub' } });
      const [error] = errorsOf(results);
      return { said: error, isRight: error?.code === 'NODE_UNFIT' && /lacks a folder/.test(error.message) };
    },
  },
  {
    title: 'no engine',
    async run(context) {
      const env = { ...context.engine.env, DOCKER_HOST: 'unix:///nowhere/docker.sock', PATH: '/nowhere' };
      const { results } = await sweep({ ...context, engine: { ...context.engine, env } });
      const [error] = errorsOf(results);
      return { said: error, isRight: error?.code === 'ALLOCATION_FAILED' && /can't run/.test(error.message) };
    },
  },
  {
    title: 'a daemon that is not there',
    async run(context) {
      if (context.engine.program !== 'docker') return { skipped: 'podman has none' };
      const env = { ...context.engine.env, DOCKER_HOST: 'unix:///nowhere/docker.sock' };
      const { results } = await sweep({ ...context, engine: { ...context.engine, env } });
      const [error] = errorsOf(results);
      return {
        said: error,
        isRight: error?.code === 'ALLOCATION_FAILED' && /does not answer/.test(error.message),
      };
    },
  },
];
