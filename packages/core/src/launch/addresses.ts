import { SweeplineError } from '../errors.js';
import type { Port, Role } from '../plugin/launch-plan.js';
import type { Executor } from '../plugin/node.js';
import type { Addresses, ReplicaAddress } from '../plan/resolve.js';

/** One process to start: a role's replica and the node it goes to. */
export interface Replica {
  readonly role: Role;
  readonly index: number;
  readonly executor: Executor;
  readonly address: ReplicaAddress;
}

/**
 * Spreads replicas over the nodes, in order, and gives each its ports.
 * @throws {SweeplineError} SERVER_PORT_IN_USE when a fixed port is taken.
 */
export async function placeRoles(
  roles: readonly Role[],
  executors: readonly Executor[],
): Promise<readonly Replica[]> {
  const replicas: Replica[] = [];
  for (const role of roles) {
    for (let index = 0; index < role.replicas; index++) {
      const executor = executors[replicas.length % executors.length];
      if (executor === undefined) throw new SweeplineError('PLAN_UNSUPPORTED', 'the launcher gave no nodes');
      const { host } = executor.node;
      const ports = await takePorts(role, executor);
      replicas.push({ role, index, executor, address: { host, ip: host, ports } });
    }
  }
  return replicas;
}

export function addressesOf(replicas: readonly Replica[]): Addresses {
  const byRole: Record<string, ReplicaAddress[]> = {};
  for (const { role, address } of replicas) (byRole[role.name] ??= []).push(address);
  return byRole;
}

async function takePorts(role: Role, executor: Executor): Promise<Readonly<Record<string, number>>> {
  const taken: Record<string, number> = {};
  for (const port of role.ports) taken[port.name] = await takePort(port, role, executor);
  return taken;
}

async function takePort({ name, fixed }: Port, role: Role, executor: Executor): Promise<number> {
  if (fixed === undefined) return executor.freePort();
  if (await executor.portInUse(fixed)) {
    throw new SweeplineError(
      'SERVER_PORT_IN_USE',
      `port ${fixed} (${name} of ${role.name}) on ${executor.node.name} is already in use`,
      { hint: 'Stop what listens there, or leave the port out of the config so that a free one is taken.' },
    );
  }
  return fixed;
}
