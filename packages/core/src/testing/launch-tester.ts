import { loadClusters } from '../config/load.js';
import { SweeplineError } from '../errors.js';
import type { Job } from '../matrix/job.js';
import { launchCommands, portOf } from '../plan/launch-commands.js';
import type { PlannedPoint } from '../plan/plan.js';
import { printPlan } from '../plan/print.js';
import { resolveClusters } from '../plan/resolve-clusters.js';
import { findCluster, type ResolvedRunner } from '../plan/runners.js';
import type { Cluster } from '../plugin/cluster.js';
import type { FrameworkPlugin } from '../plugin/framework.js';
import {
  NO_CONTAINER_SETTINGS,
  type ContainerSettings,
  type HardwarePlugin,
  type Sku,
} from '../plugin/hardware.js';
import type { LaunchCommand } from '../plugin/launch-commands.js';
import type { LaunchPlan, Role } from '../plugin/launch-plan.js';
import type { NodeLauncher } from '../plugin/launcher.js';
import { API_VERSION } from '../plugin/base.js';
import type { Plugin } from '../plugin/plugin.js';
import { createRegistry, type LoadedPlugin } from '../plugin/registry.js';

/** A plan to launch, in a workspace /work/ws. */
export interface GivenLaunch {
  /** The fields of a job that the launcher reads. */
  readonly job: Readonly<Record<string, unknown>>;
  /** The name of a node of one of the clusters. */
  readonly node: string;
  readonly plan: LaunchPlan;
  readonly strict?: boolean;
  readonly user?: string;
  /** What containers need to access their devices. */
  readonly settings?: ContainerSettings;
}

/** Launchers with the clusters of a workspace that use them. */
export interface LaunchTester {
  readonly clusters: readonly Cluster[];
  /** The commands that `sweepline plan --node` prints. */
  commands(given: GivenLaunch): readonly LaunchCommand[];
}

const DEVICES_PER_NODE = 8;
const SAMPLE = { name: 'sample', apiVersion: API_VERSION } as const;

/**
 * Prints plans with launchers as `sweepline plan --node` does, for the clusters of a workspace's configs/clusters.yaml, on nodes with eight
 * devices.
 */
export async function createLaunchTester(
  launchers: readonly NodeLauncher[],
  workspace: string,
): Promise<LaunchTester> {
  const registry = createRegistry(launchers.map(loaded));
  const { written, problems } = await loadClusters(workspace);
  const own = written.filter(({ launcher }) => launchers.some(({ name }) => name === launcher));
  const resolved = resolveClusters({ written: own, problems }, registry);
  const error = SweeplineError.together(resolved.problems, 'the clusters have problems');
  if (error !== undefined) throw error;
  const { clusters } = resolved;
  return {
    clusters,
    commands(given) {
      const { node, strict = false, user = 'runner0' } = given;
      const cluster = findCluster(node, clusters);
      if (cluster === undefined) throw new SweeplineError('SKU_UNKNOWN', `no cluster has a node ${node}`);
      const planned = plannedPoint(given, {
        label: node,
        ...hardwareOf(cluster, given.settings ?? NO_CONTAINER_SETTINGS),
        cluster,
        launcherName: cluster.launcher,
        launcher: () => registry.launcher(cluster.launcher),
      });
      const circumstances = { date: '{YYYYMMDD}', workspace: '/work/ws', user };
      const printed = printPlan(planned, portOf(cluster, { node, user }), circumstances);
      return launchCommands(planned, printed, node, circumstances, { strict });
    },
  };
}

function hardwareOf(
  { sku: name }: Cluster,
  settings: ContainerSettings,
): Pick<ResolvedRunner, 'sku' | 'hardware'> {
  const sku: Sku = { name, vendor: 'none', device: 'gpu', devicesPerNode: DEVICES_PER_NODE, sources: [] };
  const plugin: HardwarePlugin = {
    ...SAMPLE,
    kind: 'hardware',
    skus: [sku],
    container: () => settings,
  };
  return { sku, hardware: loaded(plugin) };
}

function loaded<P extends Plugin>(plugin: P): LoadedPlugin<P> {
  return { plugin, package: plugin.name, version: '0.0.0' };
}

function plannedPoint({ job, plan }: GivenLaunch, runner: ResolvedRunner): PlannedPoint {
  // Launchers read little of a job; samples have only those fields.
  const point = { job: job as unknown as Job, concurrency: 1 };
  const framework: FrameworkPlugin = {
    ...SAMPLE,
    kind: 'framework',
    frameworks: ['sample'],
    plan: () => plan,
  };
  return {
    name: 'sample',
    point,
    runner,
    framework: loaded(framework),
    warnings: [],
    state: 'planned',
    plan,
  };
}

/** A role of one process with two devices, which serves by HTTP. */
export function sampleRole(image: string, changes: Partial<Role> = {}): Role {
  return {
    name: 'server',
    replicas: 1,
    runtime: { kind: 'container', image },
    argv: ['serve', '--model', 'm'],
    env: { ENGINE_SETTING: 'a,b' },
    files: {},
    ports: [{ name: 'http' }],
    place: { nodes: 1, ranksPerNode: 1, devicesPerRank: 2, wireUp: 'none' },
    ...changes,
  };
}

/** A plan with these roles; `server` has the endpoint. */
export function samplePlan(roles: readonly Role[]): LaunchPlan {
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
