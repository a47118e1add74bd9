import { CLUSTER_FIELDS, type ReadClusters, type WrittenCluster } from '../config/clusters.js';
import { SweeplineError, toSweeplineError } from '../errors.js';
import type { Cluster } from '../plugin/cluster.js';
import type { Registry } from '../plugin/registry.js';
import { checkOptions } from './plugin-options.js';

export interface ResolvedClusters {
  /** Those without a problem, in the order of the file. */
  readonly clusters: readonly Cluster[];
  /** In the order of the file. */
  readonly problems: readonly SweeplineError[];
}

/** Clusters with the settings of their launchers, which check the fields that core doesn't know. */
export function resolveClusters({ written, problems }: ReadClusters, registry: Registry): ResolvedClusters {
  const resolved = written.map((cluster) => resolveCluster(cluster, registry));
  return {
    clusters: resolved.flatMap(({ cluster }) => (cluster === undefined ? [] : [cluster])),
    problems: [...problems, ...resolved.flatMap((one) => one.problems)].sort(byPlace),
  };
}

interface Resolved {
  readonly cluster?: Cluster;
  readonly problems: readonly SweeplineError[];
}

/** A cluster without a launcher was already refused. */
function resolveCluster({ launcher, at, ...rest }: WrittenCluster, registry: Registry): Resolved {
  if (launcher === undefined) return { problems: [] };
  try {
    return withOptions(rest, at, registry.launcher(launcher));
  } catch (thrown) {
    return { problems: [toSweeplineError(thrown, 'CONFIG_INVALID', { where: at(['launcher']) })] };
  }
}

function withOptions(
  { name, fields, options: value }: Omit<WrittenCluster, 'at'>,
  at: WrittenCluster['at'],
  launcher: ReturnType<Registry['launcher']>,
): Resolved {
  const checked = { value, at, code: 'CONFIG_INVALID', known: CLUSTER_FIELDS } as const;
  const result = checkOptions(launcher, checked);
  if (!('options' in result) || fields === undefined) return { problems: result.problems };
  return { cluster: { ...fields, name, options: result.options, at }, problems: [] };
}

function byPlace({ where: one }: SweeplineError, { where: other }: SweeplineError): number {
  return (one.line ?? 0) - (other.line ?? 0) || (one.column ?? 0) - (other.column ?? 0);
}
