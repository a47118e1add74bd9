// @ts-check
import { execFileSync, spawn } from 'node:child_process';
import {
  chmodSync,
  closeSync,
  mkdirSync,
  openSync,
  readFileSync,
  readlinkSync,
  writeFileSync,
} from 'node:fs';
import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { addressOf, gresConf, LOGIN, nodesOf, slurmConf } from './config.js';

/** The folder of the cluster: a file system of its own, seen in this mount namespace alone. */
export const ROOT = '/mnt/slurm';

/** The switch that nodes are plugged into, and the login node's own address on it. */
const SWITCH = 'switch';
/**
 * What each node's own shell runs, with the login node's network as its third file: a host name, a /tmp, processes and an address that
 * no other machine has, then slurmd. The cable's other end is plugged in by the login node's network.
 */
const NODE = `hostname "$1"; mount -t tmpfs "$1" /tmp; ip link set lo up
login() { nsenter --net=/proc/self/fd/3 ip link "$@"; }
until login add "to-$1" type veth peer name eth0 netns $$; do sleep 0.1; done
login set "to-$1" master ${SWITCH} up
ip addr add "$2/24" dev eth0; ip link set eth0 up; ip route add default via ${LOGIN.address}
exec 3<&-
slurmd -N "$1"; while :; do sleep 1; done`;

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

/** The node that a process runs on, by its host name's namespace. @param {string} pid @returns {string | undefined} */
export function nodeOfProcess(pid) {
  const namespace = (/** @type {string | number} */ of) => readlinkSync(`/proc/${of}/ns/uts`);
  return [...processesOf.keys()].find((name) => namespace(nodeShell(name)) === namespace(pid));
}

/** The machine fails: all that runs on it ends at once. @param {string} name */
export function killNode(name) {
  processesOf.get(name)?.kill('SIGKILL');
}

/** @type {Map<string, import('node:child_process').ChildProcess>} */
const processesOf = new Map();

function idle() {
  return command('sinfo', '-h', '-N', '-p', 'gpu,others', '-t', 'idle', '-o', '%N')
    .split('\n')
    .filter(Boolean).length;
}

/** @param {string} name */
export function startNode(name) {
  const log = openSync(`${ROOT}/log/${name}.out`, 'a');
  const network = openSync('/proc/self/ns/net', 'r');
  const flags = ['--uts', '--mount', '--net', '--pid', '--fork', '--kill-child', '--mount-proc'];
  const started = spawn('unshare', [...flags, 'sh', '-c', NODE, 'node', name, addressOf(name)], {
    stdio: ['ignore', log, log, network],
  });
  for (const file of [log, network]) closeSync(file);
  processesOf.set(name, started);
  // Others look for its shell from now on.
  const shown = 'until pgrep -P "$1"; do sleep 0.1; done';
  command('timeout', String(START_S), 'sh', '-c', shown, 'sh', String(started.pid));
}

/** @param {{name: string, address: string}[]} hosts */
function makeNetwork(hosts) {
  command('ip', 'link', 'set', 'lo', 'up');
  command('ip', 'link', 'add', SWITCH, 'type', 'bridge');
  command('ip', 'addr', 'add', `${LOGIN.address}/24`, 'dev', SWITCH);
  command('ip', 'link', 'set', SWITCH, 'up');
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
