import type { UsedDevice } from '../metrics/energy/readings.js';
import { layOut } from '../plan/layout.js';
import type { ServePlan } from '../plugin/launch-plan.js';
import type { Executor } from '../plugin/node.js';

/** The devices that a plan lays out, by the nodes that it got. */
export function usedDevices(
  { roles }: ServePlan,
  devicesPerNode: number,
  executors: readonly Executor[],
): readonly UsedDevice[] {
  return layOut(roles, devicesPerNode).flatMap(({ role, node, devices }) => {
    const { nodes, wireUp } = role.place;
    // What a launcher starts as one has a place of its own on the first of its nodes only.
    const span = wireUp === 'pmix' ? nodes : 1;
    return executors
      .slice(node, node + span)
      .flatMap((executor) =>
        devices.map((device) => ({ node: executor.node.name, device, role: role.name })),
      );
  });
}
