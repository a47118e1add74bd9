// @ts-check
import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { gresConf, LOGIN, nodesOf, slurmConf } from './config.js';

/** The folder of the cluster: a file system of its own, seen in this mount namespace alone. */
export const ROOT = '/mnt/slurm';

/** What each node's own shell runs: a host name, a /tmp and processes that no other machine sees, then slurmd. */
const NODE = 'hostname "$1"; mount -t tmpfs "$1" /tmp; slurmd -N "$1"; while :; do sleep 1; done';

/** Seconds that nodes may take to be idle. */
const START_S = 30;

/** @param {string} file @param {string[]} args */
export const command = (file, ...args) =>
  execFileSync(file, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

/**
 * Debian's Slurm with its nodes, in the namespaces that this process is in.
 * @param {number} count of nodes @param {() => string} makePlugin makes a plugin, and the line of plugstack.conf for it
 */
export async function startCluster(count, makePlugin) {
  const nodes = nodesOf(count);
  makeNetwork([LOGIN, ...nodes]);
  writeFiles(count);
  writeFileSync(`${ROOT}/etc/plugstack.conf`, `${makePlugin()}\n`);
  process.env['SLURM_CONF'] = `${ROOT}/etc/slurm.conf`;
  const munge = [
    'key-file=etc/munge.key',
    'socket=run/munge.socket',
    'pid-file=run/munged.pid',
    'log-file=log/munged.log',
    'seed-file=run/munged.seed',
  ];
  command('munged', '--force', ...munge.map((option) => `--${option.replace('=', `=${ROOT}/`)}`));
  command('slurmctld', '-c');
  for (const { name } of nodes) startNode(name);
  for (let left = START_S * 10; idle() < count; left--) {
    if (left === 0)
      throw new Error(
        `the nodes don't start: ${readFileSync(`${ROOT}/log/slurmctld.log`, 'utf8').slice(-2000)}`,
      );
    await delay(100);
  }
}

/** @returns {number} */
export function slurmctld() {
  return Number(readFileSync(`${ROOT}/run/slurmctld.pid`, 'utf8'));
}

/** @param {string} name @returns {number} the process that holds the node's namespaces */
export function nodeShell(name) {
  const node = processesOf.get(name);
  if (node?.pid === undefined) throw new Error(`${name} was not started`);
  return Number(command('pgrep', '-P', String(node.pid)).trim());
}

/** The machine fails: all that runs on it ends at once. @param {string} name */
export function killNode(name) {
  processesOf.get(name)?.kill('SIGKILL');
}

/** @type {Map<string, import('node:child_process').ChildProcess>} */
const processesOf = new Map();

function idle() {
  return command('sinfo', '-h', '-N', '-t', 'idle', '-o', '%N').split('\n').filter(Boolean).length;
}

/** @param {string} name */
export function startNode(name) {
  const log = openSync(`${ROOT}/log/${name}.out`, 'a');
  const flags = ['--uts', '--mount', '--pid', '--fork', '--kill-child', '--mount-proc'];
  const started = spawn('unshare', [...flags, 'sh', '-c', NODE, 'node', name], {
    stdio: ['ignore', log, log],
  });
  processesOf.set(name, started);
}

/** Interfaces but loopback are needed: Slurm resolves addresses only where there are some. @param {{name: string, address: string}[]} hosts */
function makeNetwork(hosts) {
  command('ip', 'link', 'set', 'lo', 'up');
  command('ip', 'link', 'add', 'slurm0', 'type', 'veth', 'peer', 'name', 'slurm1');
  for (const link of ['slurm0', 'slurm1']) command('ip', 'link', 'set', link, 'up');
  for (const { address } of hosts) command('ip', 'addr', 'add', `${address}/24`, 'dev', 'slurm0');
  command('hostname', LOGIN.name);
  command('mount', '-t', 'tmpfs', 'sweepline', '/mnt');
  writeFileSync(
    '/mnt/hosts',
    ['127.0.0.1 localhost', ...hosts.map(({ name, address }) => `${address} ${name}`), ''].join('\n'),
  );
  command('mount', '--bind', '/mnt/hosts', '/etc/hosts');
}

/** @param {number} count */
function writeFiles(count) {
  for (const folder of ['etc', 'run', 'log', 'state', 'spool', 'dev']) {
    mkdirSync(`${ROOT}/${folder}`, { recursive: true });
    chmodSync(`${ROOT}/${folder}`, 0o755);
  }
  for (let gpu = 0; gpu < 8; gpu++) command('mknod', '-m', '666', `${ROOT}/dev/nvidia${gpu}`, 'c', '1', '3');
  writeFileSync(`${ROOT}/etc/munge.key`, randomBytes(1024), { mode: 0o400 });
  writeFileSync(`${ROOT}/etc/slurm.conf`, slurmConf(ROOT, count));
  writeFileSync(`${ROOT}/etc/gres.conf`, gresConf(ROOT, count));
}
