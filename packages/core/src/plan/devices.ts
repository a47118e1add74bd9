import { devicesOf, type Devices } from '../matrix/devices.js';
import { isMultiNode, type Job } from '../matrix/job.js';
import type { LaunchPlan, Role } from '../plugin/launch-plan.js';
import type { PlannedPoint } from './plan.js';

/** The role whose devices decode alone; those of all other roles take part in prefill. */
const DECODE = 'decode';

/**
 * Devices that a point uses: those that its plan lays out. What is given to another program to launch (a delegate), and
 * processes that need no devices (mock engines, which only stand for some), are counted by the job's sizes; so are split
 * jobs whose plan has no role of that name, since it can't be told which of its devices decode.
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

/** The same of a point, where it could be planned. */
export function devicesIn(planned: PlannedPoint): Devices | undefined {
  return planned.state === 'planned' ? plannedDevices(planned.plan, planned.point.job) : undefined;
}

/** Devices that layOut gives to the processes of roles. */
function laidOutDevices(roles: readonly Role[]): number {
  return roles.reduce((sum, { replicas, place }) => {
    const { nodes, ranksPerNode, devicesPerRank } = place;
    return sum + replicas * nodes * ranksPerNode * devicesPerRank;
  }, 0);
}
