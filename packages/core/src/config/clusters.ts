import type { SweeplineError, Where } from '../errors.js';
import { problemsOf } from './issues.js';
import { clustersSchema, type ClustersConfig } from './schema/clusters.js';
import type { Document } from './yaml/parse.js';

type Written = ClustersConfig[string];

/** A cluster as the config tells it: what all want to know, and how its nodes are reached. */
export interface ClusterConfig {
  readonly name: string;
  readonly sku: string;
  readonly runners: readonly string[];
  readonly launcher: string;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly access: Written;
  /** Where its SKU is written, for messages. */
  readonly where: Where;
  /** Where its launcher is. */
  readonly launcherWhere: Where;
}

export interface ReadClusters {
  /** In the order of the file, which is that in which labels look for a cluster. */
  readonly clusters: readonly ClusterConfig[];
  readonly problems: readonly SweeplineError[];
}

/** Checks a document as a clusters config. */
export function readClusters({ value, at, problems }: Document): ReadClusters {
  const parsed = clustersSchema.safeParse(value);
  if (!parsed.success) {
    const checked = { value, at, code: 'CONFIG_INVALID', schema: clustersSchema } as const;
    return { clusters: [], problems: [...problems, ...problemsOf(parsed.error.issues, checked)] };
  }
  const clusters = Object.entries(parsed.data).map(([name, access]) => {
    const { sku, runners, launcher, settings } = access;
    const [where, launcherWhere] = [at([name, 'sku']), at([name, 'launcher'])];
    return { name, sku, runners, launcher, settings, access, where, launcherWhere };
  });
  return { clusters, problems };
}
