import { randomInt } from 'node:crypto';
import { isIP, isIPv4 } from 'node:net';
import { SweeplineError } from '../errors.js';
import type { Port, Role } from '../plugin/launch-plan.js';
import type { Executor } from '../plugin/node.js';
import type { PlacedProcess } from '../plan/layout.js';
import { refsIn, type Addresses, type ReplicaAddress } from '../plan/resolve.js';

/** One process to start: where it goes, and the addresses of its replica. */
export interface Replica extends PlacedProcess {
  readonly executor: Executor;
  readonly address: ReplicaAddress;
}

/**
 * Gives placed processes their nodes and ports, and what a plan refers to as `ip` an IP address.
 * @throws {SweeplineError} PLAN_UNSUPPORTED where there are fewer nodes than the plan has: two of its nodes on one would take the same
 * devices twice; SERVER_PORT_IN_USE when a fixed port is taken; NODE_UNFIT when the name of a node has no IP address.
 */
export async function placeRoles(
  placed: readonly PlacedProcess[],
  executors: readonly Executor[],
  signal: AbortSignal,
): Promise<readonly Replica[]> {
  const roles = new Set(placed.map(({ role }) => role));
  const needsIp = new Set(refsIn([...roles]).flatMap((ref) => (ref.ref === 'ip' ? [ref.role] : [])));
  const replicas: Replica[] = [];
  const taken: TakenPorts = new Map();
  for (const process of placed) {
    const executor = executors[process.node];
    if (executor === undefined) {
      const message = `the launcher gave ${executors.length} nodes, and the plan needs one more for ${process.role.name}`;
      throw new SweeplineError('PLAN_UNSUPPORTED', message);
    }
    const { host } = executor.node;
    const ports = process.rank === 0 ? await takePorts(process.role, executor, taken) : {};
    const isAsked = process.rank === 0 && needsIp.has(process.role.name);
    const ip = isAsked ? await ipOf(executor, executors, signal) : host;
    replicas.push({ ...process, executor, address: { host, ip, ports } });
  }
  return replicas;
}

/** As another node of the lease finds it: a machine may know itself by a name for its loopback address. */
async function ipOf(
  executor: Executor,
  executors: readonly Executor[],
  signal: AbortSignal,
): Promise<string> {
  const { name, host } = executor.node;
  if (isIP(host) !== 0) return host;
  const asked = executors.find((other) => other !== executor) ?? executor;
  const { stdout, stderr } = await asked.run({ argv: ['getent', 'ahosts', host] }, signal);
  const found = stdout.split('\n').map((line) => line.split(/\s/)[0] ?? '');
  const ip = found.find((text) => isIPv4(text)) ?? found.find((text) => isIP(text) !== 0);
  if (ip !== undefined) return ip;
  const words = stderr.trim() === '' ? '' : `: ${stderr.trim()}`;
  const message = `the plan asks for the IP address of ${host}, which ${asked.node.name} does not know${words}`;
  throw new SweeplineError('NODE_UNFIT', message, {
    where: { node: name },
    hint: 'Let the nodes find each other: by DNS, or in their /etc/hosts.',
  });
}

/** Where replicas are reached: at their first process. */
export function addressesOf(replicas: readonly Replica[]): Addresses {
  const byRole: Record<string, ReplicaAddress[]> = {};
  for (const { role, rank, address } of replicas) if (rank === 0) (byRole[role.name] ??= []).push(address);
  return byRole;
}

/** Ports by node: the system may give one out twice before anything listens there. */
type TakenPorts = Map<Executor, Set<number>>;

async function takePorts(
  role: Role,
  executor: Executor,
  taken: TakenPorts,
): Promise<Readonly<Record<string, number>>> {
  const ports: Record<string, number> = {};
  const others = taken.get(executor) ?? new Set<number>();
  taken.set(executor, others);
  for (const port of role.ports) {
    const number = await takePort(port, role, executor, others);
    others.add(number);
    ports[port.name] = number;
  }
  return ports;
}

async function takePort(
  { name, fixed, below }: Port,
  role: Role,
  executor: Executor,
  others: ReadonlySet<number>,
): Promise<number> {
  if (fixed === undefined) return newPort(below, executor, others);
  if (others.has(fixed) || (await executor.portInUse(fixed))) {
    throw new SweeplineError(
      'SERVER_PORT_IN_USE',
      `port ${fixed} (${name} of ${role.name}) on ${executor.node.name} is already in use`,
      {
        where: { node: executor.node.name },
        hint: 'Stop the program that listens there, or leave the port out of the config so that a free one is taken.',
      },
    );
  }
  return fixed;
}

/** Ports from here on take no privileges, and few programs have them by default. */
const FIRST_PORT = 10_000;
const PORT_TRIES = 100;

/** Below a number at random, as the system gives out high ports only, and two that start together would find the same one free. */
async function newPort(
  below: number | undefined,
  executor: Executor,
  others: ReadonlySet<number>,
): Promise<number> {
  for (let left = PORT_TRIES; left > 0; left--) {
    const port = below === undefined ? await executor.freePort() : randomInt(FIRST_PORT, below);
    const isFree = below === undefined || !(await executor.portInUse(port));
    if (isFree && !others.has(port)) return port;
  }
  const where = below === undefined ? '' : ` below ${below}`;
  throw new SweeplineError('SERVER_PORT_IN_USE', `${executor.node.name} has no free port${where}`, {
    where: { node: executor.node.name },
  });
}
