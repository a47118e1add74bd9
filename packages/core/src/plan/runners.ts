import { nearestLabel, suggestion } from '../config/nearest.js';
import { SweeplineError, type Where } from '../errors.js';
import type { Cluster } from '../plugin/cluster.js';
import type { HardwarePlugin, Sku } from '../plugin/hardware.js';
import type { NodeLauncher } from '../plugin/launcher.js';
import type { LoadedPlugin, Registry } from '../plugin/registry.js';

/** What a job's `runner` refers to. */
export interface ResolvedRunner {
  readonly label: string;
  readonly sku: Sku;
  readonly hardware: LoadedPlugin<HardwarePlugin>;
  /** Where its nodes are; absent for runners defined by the workspace's table or an SKU's name. */
  readonly cluster?: Cluster;
  /** False if its nodes are not checked for the SKU. */
  readonly detect?: boolean;
  /** Most seconds that its nodes are requested for. */
  readonly timeLimitS?: number;
  readonly launcherName: string;
  /** @throws {SweeplineError} LAUNCHER_UNKNOWN for runners of the workspace's table: plans can be made without a launcher. */
  launcher(): LoadedPlugin<NodeLauncher>;
}

/** @throws {SweeplineError} SKU_UNKNOWN, with its position in the config. */
export type RunnerResolver = (label: string) => ResolvedRunner;

export type RunnerTable = Readonly<
  Record<
    string,
    {
      readonly sku: string;
      readonly launcher: string;
      readonly detect?: boolean;
      /** Minutes. */
      readonly 'time-limit'?: number | undefined;
    }
  >
>;

/** The position of a field of the table's entry for a label. */
export type PlaceInTable = (label: string, field: 'sku' | 'launcher') => Where;

/**
 * Looks runners up: first in the workspace's table, then among the clusters by a node's name or a label, and last among the SKUs,
 * which mean this machine.
 */
export function createRunnerResolver(
  table: RunnerTable,
  registry: Registry,
  clusters: readonly Cluster[] = [],
  placeInTable: PlaceInTable = () => ({}),
): RunnerResolver {
  return (label) => {
    const own = Object.hasOwn(table, label) ? table[label] : undefined;
    const cluster = own === undefined ? findCluster(label, clusters) : undefined;
    const named = own ?? cluster;
    if (named === undefined) checkLabel(label, table, registry, clusters);
    const { sku, launcher: launcherName } = named ?? { sku: label, launcher: 'local' };
    const placeOf = (field: 'sku' | 'launcher'): Where => {
      if (own !== undefined) return placeInTable(label, field);
      return cluster?.at?.([field]) ?? {};
    };
    return {
      label,
      ...located(placeOf('sku'), () => registry.sku(sku)),
      ...(cluster === undefined ? {} : { cluster }),
      ...(own?.detect !== undefined && { detect: own.detect }),
      ...(own?.['time-limit'] !== undefined && { timeLimitS: own['time-limit'] * 60 }),
      launcherName,
      launcher: () => located(placeOf('launcher'), () => registry.launcher(launcherName)),
    };
  };
}

/** A label without any other definition must be the name of an SKU. */
function checkLabel(
  label: string,
  table: RunnerTable,
  registry: Registry,
  clusters: readonly Cluster[],
): void {
  const skus = registry.all.flatMap(({ plugin }) =>
    plugin.kind === 'hardware' ? plugin.skus.map(({ name }) => name) : [],
  );
  if (skus.includes(label)) return;
  const labels = [...Object.keys(table), ...clusters.flatMap(({ runners }) => runners)];
  const known = [...new Set([...labels, ...skus])];
  const near = nearestLabel(label, known);
  throw new SweeplineError(
    'SKU_UNKNOWN',
    `configs/sweepline.yaml doesn't say what hardware runner ${label} has${suggestion(near)}${near === undefined ? ';' : ''} known: ${known.join(', ') || 'none'}`,
    {
      hint:
        near === undefined
          ? 'Give it an SKU under `runners:` in configs/sweepline.yaml, or name it in configs/clusters.yaml; an SKU of an installed hardware plugin needs neither.'
          : 'Correct its spelling.',
    },
  );
}

/** Adds the config position to errors. */
function located<T>(where: Where, look: () => T): T {
  try {
    return look();
  } catch (thrown) {
    throw thrown instanceof SweeplineError ? thrown.at(where) : thrown;
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
