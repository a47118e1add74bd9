import { join } from 'node:path';
import { loadClusters } from '../../src/config/load.js';
import { launchCommands, portOf } from '../../src/plan/launch-commands/index.js';
import type { PlannedPoint } from '../../src/plan/plan.js';
import { printPlan } from '../../src/plan/print.js';
import { findCluster } from '../../src/plan/runners.js';
import type { Cluster, ContainerSettings, HardwarePlugin, Job, LaunchPlan, Role } from '../../src/index.js';

/** The clusters of this repository. */
export const CLUSTERS: readonly Cluster[] = await loadClusters(join(import.meta.dirname, '../../../..'));

/** A job's command and environment, whichever the framework: those of engines are tested with their plugins. */
export const SERVE = ['serve', '--model', 'm'];
export const SERVE_ENV = { ENGINE_SETTING: 'a,b' };

export const NO_SETTINGS: ContainerSettings = { docker: [], pyxis: [], env: {} };

export function role(image: string, changes: Partial<Role> = {}): Role {
  return {
    name: 'server',
    replicas: 1,
    runtime: { kind: 'container', image },
    argv: SERVE,
    env: SERVE_ENV,
    files: {},
    ports: [{ name: 'http' }],
    place: { nodes: 1, ranksPerNode: 1, devicesPerRank: 2, wireUp: 'none' },
    ...changes,
  };
}

function servePlan(roles: readonly Role[]): LaunchPlan {
  return {
    kind: 'serve',
    roles,
    endpoint: { ref: 'port', role: 'server', name: 'http' },
    ready: [],
    client: {
      api: 'completions',
      model: 'm',
      numPrompts: 1,
      numWarmups: 0,
      rangeRatio: 1,
      ignoreEos: true,
      chatTemplate: false,
      promptForm: 'auto',
    },
  };
}

interface Given {
  readonly job: Partial<Record<string, unknown>>;
  readonly node: string;
  readonly strict?: boolean;
  readonly user?: string;
  readonly settings?: ContainerSettings;
  readonly roles?: readonly Role[];
  readonly plan?: LaunchPlan;
  readonly clusters?: readonly Cluster[];
}

/** The launcher's commands for a job on a node, in a workspace /work/ws. */
export function launch({ strict = false, user = 'runner0', ...given }: Given) {
  const { job, node, settings = NO_SETTINGS, clusters = CLUSTERS } = given;
  const cluster = findCluster(node, clusters);
  if (cluster === undefined) throw new Error(`no cluster for ${node}`);
  const plugin: HardwarePlugin = {
    kind: 'hardware',
    name: 'acme',
    apiVersion: 1,
    skus: [],
    container: () => settings,
  };
  const sku = { name: cluster.sku, vendor: 'acme', device: 'gpu', devicesPerNode: 8, sources: [] } as const;
  const planned = {
    name: 'job',
    point: { job: job as unknown as Job, concurrency: 1 },
    runner: { label: node, sku, hardware: { plugin, package: 'acme', version: '1' }, cluster },
    warnings: [],
    state: 'planned',
    plan: given.plan ?? servePlan(given.roles ?? [role(String(job['image']))]),
  } as unknown as PlannedPoint;
  const circumstances = { date: '{YYYYMMDD}', workspace: '/work/ws', user };
  const printed = printPlan(planned, portOf(cluster, { node, user }), circumstances);
  return launchCommands(planned, printed, node, circumstances, { strict });
}
