// @ts-check
import { spawn, execFileSync } from 'node:child_process';
import { mkdir, open, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const LENIENT = fileURLToPath(new URL('lenient-runc', import.meta.url));
const START_MS = 30_000;
/** Where the check's own registry listens; without TLS. */
export const REGISTRY = '127.0.0.1:15000';

/**
 * @typedef {'docker' | 'podman'} Program
 * @typedef {{ program: Program, root: string, env: NodeJS.ProcessEnv, stop: (signal?: NodeJS.Signals) => Promise<void>, start: () => Promise<void> }} Engine
 */

/**
 * A container engine of its own, with its own folders: a dockerd, or podman's storage. To be called in a mount and network namespace
 * that goes with it.
 * @param {Program} program @param {string} root an empty folder
 * @param {{ path?: string, data?: string }} [more] folders in front of the daemon's PATH; where images are kept
 * @returns {Promise<Engine>}
 */
export async function startEngine(program, root, more = {}) {
  await mkdir(root, { recursive: true });
  return program === 'docker' ? startDocker(root, more) : startPodman(root);
}

/** Arguments of every dockerd of the check. */
export function daemonConfig() {
  return {
    'insecure-registries': [REGISTRY],
    runtimes: { lenient: { path: LENIENT } },
    'default-runtime': 'lenient',
  };
}

/** @param {string} root @param {{ path?: string, data?: string }} more @returns {Promise<Engine>} */
async function startDocker(root, { path, data = join(root, 'data') }) {
  const config = join(root, 'daemon.json');
  const host = `unix://${join(root, 'docker.sock')}`;
  await writeFile(config, JSON.stringify(daemonConfig()));
  const env = { ...process.env, DOCKER_HOST: host, DOCKER_CONFIG: join(root, 'client') };
  /** @type {import('node:child_process').ChildProcess | undefined} */
  let daemon;
  const start = async () => {
    const log = await open(join(root, 'dockerd.log'), 'a');
    daemon = spawn(
      'dockerd',
      [
        ...['--config-file', config, '--data-root', data, '--exec-root', join(root, 'exec')],
        ...[
          '--pidfile',
          join(root, 'docker.pid'),
          '--host',
          host,
          '--exec-opt',
          'native.cgroupdriver=cgroupfs',
        ],
      ],
      {
        stdio: ['ignore', log.fd, log.fd],
        detached: true,
        env: { ...process.env, PATH: [path, process.env.PATH].filter(Boolean).join(':') },
      },
    );
    await log.close();
    await until(() => answers('docker', env), 'dockerd to answer').catch(async (error) => {
      const said = (await readFile(join(root, 'dockerd.log'), 'utf8')).trim().split('\n').slice(-8);
      throw new Error(`${error.message}: ${said.join('\n')}`);
    });
  };
  await start();
  return {
    ...{ program: 'docker', root, env, start },
    async stop(signal = 'SIGTERM') {
      const ended = new Promise((resolve) => daemon?.once('exit', resolve));
      if (daemon?.exitCode !== null || daemon.signalCode !== null) return;
      daemon.kill(signal);
      await ended;
    },
  };
}

/** @param {string} root @returns {Promise<Engine>} */
async function startPodman(root) {
  const containers = join(root, 'containers.conf');
  const registries = join(root, 'registries.conf');
  const storage = join(root, 'storage.conf');
  await writeFile(
    containers,
    `[engine]\nruntime = "lenient"\ncgroup_manager = "cgroupfs"\nevents_logger = "file"\n[engine.runtimes]\nlenient = ["${LENIENT}"]\n`,
  );
  await writeFile(registries, `[[registry]]\nlocation = "${REGISTRY}"\ninsecure = true\n`);
  await writeFile(
    storage,
    `[storage]\ndriver = "overlay"\nrunroot = "${join(root, 'run')}"\ngraphroot = "${join(root, 'data')}"\n`,
  );
  const env = {
    ...process.env,
    CONTAINERS_CONF: containers,
    CONTAINERS_REGISTRIES_CONF: registries,
    CONTAINERS_STORAGE_CONF: storage,
  };
  await until(() => answers('podman', env), 'podman to answer');
  return { program: 'podman', root, env, start: () => Promise.resolve(), stop: () => Promise.resolve() };
}

/** @param {Program} program @param {NodeJS.ProcessEnv} env */
export function answers(program, env) {
  try {
    execFileSync(program, ['info'], { env, stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** @param {() => boolean | Promise<boolean>} isTrue @param {string} what @param {number} [ms] */
export async function until(isTrue, what, ms = START_MS) {
  const deadline = performance.now() + ms;
  while (!(await isTrue())) {
    if (performance.now() > deadline) throw new Error(`waited ${ms / 1000} s for ${what}`);
    await delay(100);
  }
}
