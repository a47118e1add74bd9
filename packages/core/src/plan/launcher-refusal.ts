import { SweeplineError } from '../errors.js';
import type { LaunchNeeds } from '../plugin/launcher.js';
import type { Role } from '../plugin/launch-plan.js';
import { nodesOf } from './layout.js';
import type { PlannedPoint } from './plan.js';

/** Why a point's launcher can't run its plan, as far as that is known without nodes. */
export function launcherRefusal(planned: PlannedPoint): SweeplineError | undefined {
  if (planned.state !== 'planned' || planned.plan.kind !== 'serve') return undefined;
  const { runner, plan } = planned;
  const { label, launcherName, sku } = runner;
  const reason = runner.launcher().plugin.refuses?.(needsOf(label, plan.roles, sku.devicesPerNode));
  if (reason === undefined) return undefined;
  return new SweeplineError('PLAN_UNSUPPORTED', reason, {
    where: { job: planned.name },
    hint: `Give ${label} another launcher than ${launcherName} under \`runners:\` in configs/sweepline.yaml, or its cluster in configs/clusters.yaml.`,
  });
}

function needsOf(runner: string, roles: readonly Role[], devicesPerNode: number): LaunchNeeds {
  return {
    runner,
    nodes: nodesOf(roles, devicesPerNode),
    images: imagesOf(roles),
    groups: roles.filter(isGroup).map(({ name }) => name),
  };
}

/** Container images of the roles, without duplicates. */
export function imagesOf(roles: readonly Role[]): readonly string[] {
  return [...new Set(roles.flatMap(({ runtime }) => (runtime.kind === 'container' ? [runtime.image] : [])))];
}

/** Whether a group launcher (mpirun, srun) starts its processes together. */
export function isGroup({ place }: Role): boolean {
  return place.wireUp === 'pmix' && place.nodes * place.ranksPerNode > 1;
}
