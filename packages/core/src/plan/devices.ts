import { devicesOf, type Devices } from '../matrix/devices.js';
import { isMultiNode, type Job } from '../matrix/job.js';
import type { LaunchPlan, Role } from '../plugin/launch-plan.js';
import type { PlannedPoint } from './plan.js';

/** The role that only decodes; all other roles take part in prefill. */
const DECODE = 'decode';

/**
 * Devices that a point uses, as its plan lays them out. Plans launched by another program (a delegate), and processes without
 * devices (mock engines, which only simulate some), are counted by the job's sizes; so are split jobs whose plan has no role of
 * that name, as it is unknown which devices decode.
 */
export function plannedDevices(plan: LaunchPlan, job: Job): Devices {
  if (plan.kind === 'delegate') return plan.devices ?? devicesOf(job);
  const laidOut = laidOutDevices(plan.roles);
  if (laidOut === 0) return devicesOf(job);
  if (!isMultiNode(job)) return { total: laidOut };
  const isSplit = job.disagg && job.decode['num-worker'] > 0;
  if (isSplit && plan.roles.every(({ name }) => name !== DECODE)) return devicesOf(job);
  const decode = laidOutDevices(plan.roles.filter(({ name }) => name === DECODE));
  return { total: laidOut, prefill: laidOut - decode, decode };
}

/** The same for a point, if it could be planned. */
export function devicesIn(planned: PlannedPoint): Devices | undefined {
  return planned.state === 'planned' ? plannedDevices(planned.plan, planned.point.job) : undefined;
}

/** Devices that layOut assigns to the processes of roles. */
function laidOutDevices(roles: readonly Role[]): number {
  return roles.reduce((sum, { replicas, place }) => {
    const { nodes, ranksPerNode, devicesPerRank } = place;
    return sum + replicas * nodes * ranksPerNode * devicesPerRank;
  }, 0);
}
