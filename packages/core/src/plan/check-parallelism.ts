import { isMultiNode, type Job } from '../matrix/job.js';
import type { FrameworkPlugin } from '../plugin/framework.js';
import type { Rejection } from '../plugin/rejection.js';
import type { Sku } from '../plugin/hardware.js';
import type { LaunchPlan, Role } from '../plugin/launch-plan.js';
import { workerDevices } from '../plugin/topology.js';

/**
 * If a plan uses another number of devices than its job says, throughput would be divided by the wrong number. The layout is
 * compared with the job, and the devices that a command line makes the engine use with the layout.
 */
export function parallelismRejection(
  plan: LaunchPlan,
  plugin: FrameworkPlugin,
  job: Job,
  sku: Sku,
): Rejection | undefined {
  if (plan.kind === 'delegate' || sku.device === 'cpu') return undefined;
  const used = plan.roles.map((role) => usedBy(role, plugin)).find((reason) => reason !== undefined);
  if (used !== undefined) return { reason: used };
  const [laidOut, asked] = [sum(plan.roles.map((role) => role.replicas * given(role))), devicesOf(job)];
  if (laidOut === asked || laidOut === 0) return undefined;
  return { reason: `the plan lays out ${laidOut} devices, but the job's parallelism takes ${asked}` };
}

function usedBy(role: Role, plugin: FrameworkPlugin): string | undefined {
  const uses = plugin.devices?.(role);
  if (uses === undefined || uses === given(role)) return undefined;
  return (
    `the command line of ${role.name} makes ${plugin.name} use ${uses} devices, but ${given(role)} are laid out for it: ` +
    'its recipe or options set a different parallelism than the job'
  );
}

/** Devices of one replica. */
function given({ place: { nodes, ranksPerNode, devicesPerRank } }: Role): number {
  return nodes * ranksPerNode * devicesPerRank;
}

function devicesOf(job: Job): number {
  if (!isMultiNode(job)) return workerDevices(job);
  return sum([job.prefill, job.decode].map((worker) => worker['num-worker'] * workerDevices(worker)));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
