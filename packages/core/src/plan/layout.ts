import type { HardwarePlugin } from '../plugin/hardware.js';
import type { Role } from '../plugin/launch-plan.js';

/** One process of a plan and its place; nodes of the plan are numbered from 0. */
export interface PlacedProcess {
  readonly role: Role;
  readonly replica: number;
  /** Index of the process within its replica. */
  readonly rank: number;
  readonly node: number;
  /** Indices of its devices on that node; empty if it needs none. */
  readonly devices: readonly number[];
}

/**
 * Lays a plan's roles out over nodes, in order. A replica is placed on the previous one's node if its devices still fit,
 * otherwise on the next; a replica over several nodes doesn't share them. No device is assigned twice.
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

/** Nodes on which a replica has a separate process, counted from its first; only one if a group launcher starts them all. */
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

/** Nodes that a plan needs, and the most devices used on any of them; 0 for servers without devices. */
export function needsOf(
  roles: readonly Role[],
  devicesPerNode: number,
): { readonly nodes: number; readonly devices: number } {
  const last = Math.max(-1, ...layOut(roles, devicesPerNode).flatMap(({ devices }) => devices));
  return { nodes: nodesOf(roles, devicesPerNode), devices: last + 1 };
}

/** The variables that restrict a process to its own devices; empty if no other process shares its node. */
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
