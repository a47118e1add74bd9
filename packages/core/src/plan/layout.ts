import type { HardwarePlugin } from '../plugin/hardware.js';
import type { Role } from '../plugin/launch-plan.js';

/** One process of a plan and where it is: node numbers are those of the nodes the plan needs, from 0. */
export interface PlacedProcess {
  readonly role: Role;
  readonly replica: number;
  /** Number among the processes of its replica. */
  readonly rank: number;
  readonly node: number;
  /** Numbers of its devices on that node; empty if it needs none. */
  readonly devices: readonly number[];
}

/**
 * Lays a plan's roles over nodes, in their order. A replica goes to the node of the one before where its devices still
 * fit, otherwise to the next; a replica over several nodes has them alone. No device is given out twice.
 */
export function layOut(roles: readonly Role[], devicesPerNode: number): readonly PlacedProcess[] {
  let node = 0;
  let used = 0;
  return roles.flatMap((role) =>
    Array.from({ length: role.replicas }, (_, replica) => {
      const { nodes, ranksPerNode, devicesPerRank } = role.place;
      const wanted = ranksPerNode * devicesPerRank;
      if (wanted > 0 && used > 0 && (nodes > 1 || used + wanted > devicesPerNode)) {
        node += 1;
        used = 0;
      }
      const first = wanted === 0 ? 0 : node;
      const devices = Array.from({ length: wanted }, (_unused, index) => used + index);
      if (wanted > 0) {
        node += nodes - 1;
        used = nodes > 1 ? devicesPerNode : used + wanted;
      }
      return processNodes(role).map((offset) => ({
        role,
        replica,
        rank: offset,
        node: first + offset,
        devices,
      }));
    }).flat(),
  );
}

/** Nodes on which a replica has a process of its own, counted from its first: one where a launcher starts them all. */
function processNodes({ place: { nodes, wireUp } }: Role): readonly number[] {
  return Array.from({ length: wireUp === 'pmix' ? 1 : nodes }, (_, index) => index);
}

/** Nodes that a plan's roles need. */
export function nodesOf(roles: readonly Role[], devicesPerNode: number): number {
  return Math.max(
    1,
    ...layOut(roles, devicesPerNode).map(({ node, role, rank }) => node + role.place.nodes - rank),
  );
}

/** Nodes that a plan needs, and how many devices of each are used at most; 0 for servers without. */
export function needsOf(
  roles: readonly Role[],
  devicesPerNode: number,
): { readonly nodes: number; readonly devices: number } {
  const last = Math.max(-1, ...layOut(roles, devicesPerNode).flatMap(({ devices }) => devices));
  return { nodes: nodesOf(roles, devicesPerNode), devices: last + 1 };
}

/** What shows a process its own devices alone; nothing where no other process shares its node. */
export function deviceEnv(
  process: PlacedProcess,
  all: readonly PlacedProcess[],
  hardware: HardwarePlugin,
): Readonly<Record<string, string>> {
  const alone = all.every(
    (other) => other === process || other.node !== process.node || other.devices.length === 0,
  );
  if (alone || process.devices.length === 0) return {};
  return hardware.visibleDevices?.(process.devices) ?? {};
}
