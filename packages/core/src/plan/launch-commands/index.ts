import { SweeplineError } from '../../errors.js';
import type { ClusterAccess } from '../../plugin/cluster.js';
import type { ServePlan } from '../../plugin/launch-plan.js';
import { layOut, nodesOf } from '../layout.js';
import type { PlannedPoint } from '../plan.js';
import type { PrintedPlan, PrintedProcess } from '../print.js';
import { PLACEHOLDERS, type Circumstances } from '../resolve.js';
import { dockerCommands } from './docker.js';
import { filler } from './fill.js';
import type { Launch, LaunchCommand, LaunchProcess } from './launch.js';
import { portOf } from './port.js';
import { slurmCommands } from './slurm.js';

export type { LaunchCommand };
export { portOf };

/**
 * The commands with which a cluster's launcher gets a node and runs a plan on it. Pure; `{job-id}`, `{hostname}` and
 * `{uid}` are known on the node alone. `strict`: those of the original.
 * @throws {SweeplineError} PLAN_UNSUPPORTED when the cluster can't be told how to run the plan.
 */
export function launchCommands(
  planned: PlannedPoint,
  printed: PrintedPlan,
  node: string,
  circumstances: Circumstances = PLACEHOLDERS,
  { strict = false, port: given }: { readonly strict?: boolean; readonly port?: number } = {},
): readonly LaunchCommand[] {
  if (planned.state !== 'planned' || 'rejected' in printed || 'failed' in printed) return [];
  const { prepare, processes } = printed;
  // Such a program gets its nodes by itself.
  if (planned.plan.kind === 'delegate') return [...prepare, ...processes].map(plainly);
  const { cluster } = planned.runner;
  const access = cluster?.access;
  if (cluster === undefined || access === undefined) {
    throw new SweeplineError('PLAN_UNSUPPORTED', `no cluster tells how ${node} is reached`, {
      hint: 'Add its cluster to configs/clusters.yaml.',
    });
  }
  const port = given ?? portOf(cluster, { node, user: circumstances.user });
  const { image } = printed;
  const { hardware, sku } = planned.runner;
  const launch: Launch = {
    job: planned.point.job,
    node,
    user: circumstances.user,
    workspace: circumstances.workspace,
    strict,
    ...(image === undefined ? {} : { image }),
    hardware: hardware.plugin.container?.(sku, cluster, strict) ?? { docker: [], pyxis: [], env: {} },
    ...needs(planned.plan, sku.devicesPerNode),
    prepare,
    processes: processesOf(planned.plan, processes),
    fill: filler(access, { ...circumstances, node, image: image ?? '', port }),
  };
  return commandsOf(launch, access);
}

function commandsOf(launch: Launch, access: ClusterAccess): readonly LaunchCommand[] {
  return access.launcher === 'docker' ? dockerCommands(launch, access) : slurmCommands(launch, access);
}

function plainly({ argv, env, cwd }: LaunchCommand): LaunchCommand {
  return { argv, env, ...(cwd === undefined ? {} : { cwd }) };
}

function needs({ roles }: ServePlan, devicesPerNode: number): Pick<Launch, 'nodes' | 'devices'> {
  const last = Math.max(-1, ...layOut(roles, devicesPerNode).flatMap(({ devices }) => devices));
  return { nodes: nodesOf(roles, devicesPerNode), devices: last + 1 };
}

/** With what a launcher of its own (mpirun, srun) spans; others have one process a node. */
function processesOf({ roles }: ServePlan, processes: readonly PrintedProcess[]): readonly LaunchProcess[] {
  return processes.map(({ role, node, argv, env }) => {
    const place = roles.find(({ name }) => name === role)?.place;
    const spans = place?.wireUp === 'pmix' && place.nodes > 1;
    return {
      role,
      node,
      argv,
      env,
      nodes: spans ? place.nodes : 1,
      ranksPerNode: spans ? place.ranksPerNode : 1,
    };
  });
}
