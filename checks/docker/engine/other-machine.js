// @ts-check
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, openSync, readFileSync, readdirSync, readlinkSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { answers, daemonConfig, until } from './engine.js';

const SCRIPT = fileURLToPath(new URL('other-machine', import.meta.url));
const HOOK = fileURLToPath(new URL('gpus', import.meta.url));
export const NAME = 'sweepline-other';
/** Of the cable between both machines: its ends, and their addresses. */
const [HERE, THERE] = ['swl-here', 'swl-there'];
const [NEAR, FAR] = ['10.213.77.1', '10.213.77.2'];

/**
 * @typedef {import('./engine.js').Engine} Engine
 * @typedef {Engine & { name: string, init: string, address: string, cut: () => void, mend: () => void, left: () => readonly string[] }} OtherMachine
 */

/**
 * A docker on another machine, which only a cable leads to: its files, processes and ports are out of reach. It ends with the namespace of
 * processes of its caller.
 * @param {string} folder @returns {Promise<OtherMachine>}
 */
export async function startOtherMachine(folder) {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'daemon.json'), JSON.stringify(daemonConfig()));
  const log = openSync(join(folder, 'dockerd.log'), 'a');
  const namespaces = [
    '--mount',
    '--net',
    '--uts',
    '--ipc',
    '--pid',
    '--fork',
    '--kill-child',
    '--mount-proc',
  ];
  const machine = spawn('unshare', [...namespaces, SCRIPT, folder, NAME, THERE, FAR], {
    stdio: ['pipe', log, log],
    detached: true,
    // With the stand-in for NVIDIA's container toolkit.
    env: { ...process.env, PATH: `${HOOK}:${process.env['PATH']}` },
  });
  machine.unref();
  await until(() => childOf(machine.pid) !== undefined, 'the other machine');
  const init = childOf(machine.pid) ?? '';
  await until(() => isApart(init), 'the network of the other machine');
  ip('link', 'add', HERE, 'type', 'veth', 'peer', 'name', THERE, 'netns', init);
  ip('address', 'add', `${NEAR}/30`, 'dev', HERE);
  ip('link', 'set', HERE, 'up');
  machine.stdin?.end('go\n');
  const env = { ...process.env, DOCKER_HOST: `tcp://${FAR}:2375`, DOCKER_CONFIG: join(folder, 'client') };
  await until(() => answers('docker', env), 'its dockerd to answer');
  return {
    ...{
      name: NAME,
      init,
      address: FAR,
      program: 'docker',
      root: folder,
      env,
      start: () => Promise.resolve(),
      stop: () => Promise.resolve(),
    },
    // Nothing says that it is cut: connections that are open wait, and so do new ones.
    cut: () => packets('--insert'),
    mend: () => packets('--delete'),
    left: () => [...filesLeft(join(folder, 'tmp')), ...processesLeft(init)],
  };
}

/** @param {readonly string[]} args */
function ip(...args) {
  execFileSync('ip', args, { stdio: 'pipe' });
}

/** @param {'--insert' | '--delete'} change of the rules by which they are thrown away */
function packets(change) {
  execFileSync('iptables', [change, 'OUTPUT', '--destination', FAR, '--jump', 'DROP'], { stdio: 'pipe' });
  execFileSync('iptables', [change, 'INPUT', '--source', FAR, '--jump', 'DROP'], { stdio: 'pipe' });
}

/** The process that one has made a namespace of processes for. @param {number | undefined} pid */
export function childOf(pid) {
  const children = `/proc/${pid}/task/${pid}/children`;
  return existsSync(children) ? readFileSync(children, 'utf8').trim().split(' ').find(Boolean) : undefined;
}

/** @param {string} pid */
function isApart(pid) {
  return readlinkSync(`/proc/${pid}/ns/net`) !== readlinkSync('/proc/self/ns/net');
}

/** @param {string} tmp */
function filesLeft(tmp) {
  return readdirSync(tmp).flatMap((name) =>
    name.startsWith('sweepline') ? [`left: ${NAME}:/tmp/${name}`] : [],
  );
}

/** Processes in its network namespace that have our mark. @param {string} init */
function processesLeft(init) {
  const network = readlinkSync(`/proc/${init}/ns/net`);
  return readdirSync('/proc').flatMap((pid) => {
    try {
      const isThere = /^\d+$/.test(pid) && readlinkSync(`/proc/${pid}/ns/net`) === network;
      const isOurs = isThere && readFileSync(`/proc/${pid}/environ`, 'latin1').includes('SWEEPLINE_TOKEN=');
      return isOurs ? [`left: process ${pid} on ${NAME}`] : [];
    } catch {
      return []; // it has ended
    }
  });
}
