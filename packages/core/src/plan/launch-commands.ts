import { SweeplineError } from '../errors.js';
import type { Cluster } from '../plugin/cluster.js';
import type { Launch, LaunchCommand, LaunchProcess } from '../plugin/launch-commands.js';
import type { ServePlan } from '../plugin/launch-plan.js';
import { containerSettingsOf } from './container-settings.js';
import { needsOf } from './layout.js';
import type { PlannedPoint } from './plan.js';
import type { PrintedPlan, PrintedProcess } from './print.js';
import { PLACEHOLDERS, type Circumstances } from './resolve.js';
import type { ResolvedRunner } from './runners.js';

const FIRST_PORT = 8888;

/**
 * The port of servers on a node. If several users or runners share a node, the last digit of their name separates their servers;
 * names that end in a letter get the first port.
 */
export function portOf(
  { port }: Cluster,
  { node, user }: { readonly node: string; readonly user: string },
): number {
  const names = { fixed: '', 'user-last-digit': user, 'node-last-digit': node };
  return FIRST_PORT + Number(/\d$/.exec(names[port])?.[0] ?? 0);
}

/**
 * The commands with which a cluster's launcher gets a node and runs a plan on it. Pure; `{job-id}`, `{hostname}` and `{uid}` are
 * only known on the node. `strict`: the original's commands.
 * @throws {SweeplineError} PLAN_UNSUPPORTED if there are none, LAUNCHER_UNKNOWN.
 */
export function launchCommands(
  planned: PlannedPoint,
  printed: PrintedPlan,
  node: string,
  circumstances: Circumstances = PLACEHOLDERS,
  { strict = false, port: given }: { readonly strict?: boolean; readonly port?: number } = {},
): readonly LaunchCommand[] {
  if (planned.state !== 'planned' || 'rejected' in printed || 'failed' in printed) return [];
  const { prepare, processes, image } = printed;
  // Such a program requests its nodes itself.
  if (planned.plan.kind === 'delegate') return [...prepare, ...processes].map(plainly);
  const { workspace, user } = circumstances;
  const { cluster, sku } = planned.runner;
  if (cluster === undefined) {
    throw new SweeplineError('PLAN_UNSUPPORTED', `configs/clusters.yaml has no cluster for ${node}`, {
      hint: 'Add its cluster to configs/clusters.yaml.',
    });
  }
  return commandsOf(planned.runner, {
    job: planned.point.job,
    ...{ node, user, workspace, port: given ?? portOf(cluster, { node, user }), strict },
    ...(image === undefined ? {} : { image }),
    deviceSettings: containerSettingsOf(planned.runner, strict),
    ...needsOf(planned.plan.roles, sku.devicesPerNode),
    prepare,
    processes: processesOf(planned.plan, processes),
    options: cluster.options,
  });
}

function commandsOf(runner: ResolvedRunner, launch: Launch): readonly LaunchCommand[] {
  const { plugin } = runner.launcher();
  if (plugin.commands !== undefined) return plugin.commands(launch);
  const message = `launcher ${plugin.name} can't print commands for ${launch.node}`;
  throw new SweeplineError('PLAN_UNSUPPORTED', message, { hint: 'Plan without --node.' });
}

function plainly({ argv, env, cwd }: LaunchCommand): LaunchCommand {
  return { argv, env, ...(cwd === undefined ? {} : { cwd }) };
}

/** Adds the nodes that a group launcher (mpirun, srun) spans; other processes run on one node. */
function processesOf({ roles }: ServePlan, processes: readonly PrintedProcess[]): readonly LaunchProcess[] {
  return processes.map(({ role, node, argv, env }) => {
    const place = roles.find(({ name }) => name === role)?.place;
    const spans = place?.wireUp === 'pmix' && place.nodes > 1;
    return {
      ...{ role, node, argv, env },
      nodes: spans ? place.nodes : 1,
      ranksPerNode: spans ? place.ranksPerNode : 1,
    };
  });
}
