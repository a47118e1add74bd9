import { SweeplineError } from '../errors.js';
import type { Cluster } from '../plugin/cluster.js';
import type { HardwarePlugin, Sku } from '../plugin/hardware.js';
import type { NodeLauncher } from '../plugin/launcher.js';
import type { LoadedPlugin, Registry } from '../plugin/registry.js';

/** What stands behind a job's `runner`. */
export interface ResolvedRunner {
  readonly label: string;
  readonly sku: Sku;
  readonly hardware: LoadedPlugin<HardwarePlugin>;
  /** Where its nodes are; absent for runners that the workspace's table or an SKU's name defines. */
  readonly cluster?: Cluster;
  readonly launcherName: string;
  /** @throws {SweeplineError} LAUNCHER_UNKNOWN: plans can be made without one, jobs can't be run. */
  launcher(): LoadedPlugin<NodeLauncher>;
}

export type RunnerResolver = (label: string) => ResolvedRunner;

export type RunnerTable = Readonly<Record<string, { readonly sku: string; readonly launcher: string }>>;

/**
 * Looks runners up: first in the workspace's table, then among the clusters, where a node's name or a label will do, and
 * at last among the SKUs, which are those of this machine.
 */
export function createRunnerResolver(
  table: RunnerTable,
  registry: Registry,
  clusters: readonly Cluster[] = [],
): RunnerResolver {
  return (label) => {
    const cluster = table[label] === undefined ? findCluster(label, clusters) : undefined;
    const { sku, launcher: launcherName } = table[label] ?? cluster ?? { sku: label, launcher: 'local' };
    return {
      label,
      ...skuOf(registry, sku, cluster),
      ...(cluster === undefined ? {} : { cluster }),
      launcherName,
      launcher: () => registry.launcher(launcherName),
    };
  };
}

/** @throws {SweeplineError} SKU_UNKNOWN, with the place in the config that names it. */
function skuOf(registry: Registry, name: string, cluster: Cluster | undefined): ReturnType<Registry['sku']> {
  try {
    return registry.sku(name);
  } catch (thrown) {
    throw thrown instanceof SweeplineError ? thrown.at(cluster?.where ?? {}) : thrown;
  }
}

/** The cluster of a node, or the first one that serves a label. */
export function findCluster(label: string, clusters: readonly Cluster[]): Cluster | undefined {
  const [prefix] = label.split('_');
  return (
    (label.includes('_') ? clusters.find(({ name }) => name === prefix) : undefined) ??
    clusters.find(({ runners }) => runners.includes(label))
  );
}
