import type { SweeplineError, Where } from '../errors.js';
import { nearestField, problemsOf } from './issues.js';
import { clusterSchema, clustersSchema, type ClusterFields } from './schema/clusters.js';
import type { Document } from './yaml/parse.js';

/** An entry of a clusters config before its launcher is known. */
export interface WrittenCluster {
  readonly name: string;
  /** Missing if one of them has a problem. */
  readonly fields?: ClusterFields;
  /** Missing if it isn't text. */
  readonly launcher?: string;
  /** Fields that core doesn't know, for the launcher's schema. */
  readonly options: Readonly<Record<string, unknown>>;
  /** The position in the file of a path of its keys. */
  readonly at: (path: readonly PropertyKey[]) => Where;
}

export interface ReadClusters {
  /** In the order of the file, in which labels are looked up. */
  readonly written: readonly WrittenCluster[];
  readonly problems: readonly SweeplineError[];
}

type Fields = Readonly<Record<string, unknown>>;

/** Fields that every cluster may have, whatever its launcher. */
export const CLUSTER_FIELDS: readonly string[] = Object.keys(clusterSchema.shape);

/** Checks the parts of a clusters config that need no launcher. */
export function readClusters({ value, at, problems }: Document): ReadClusters {
  const issues = clustersSchema.safeParse(value).error?.issues ?? [];
  const checked = { value, at, code: 'CONFIG_INVALID', schema: clustersSchema } as const;
  const written = Object.entries(isMap(value) ? value : {}).flatMap(([name, entry]) =>
    isMap(entry) ? [writtenCluster(name, entry, (path) => at([name, ...path]))] : [],
  );
  return {
    written,
    problems: [...problems, ...problemsOf(issues, checked), ...written.flatMap(misspeltFields)],
  };
}

function writtenCluster(name: string, entry: Fields, at: WrittenCluster['at']): WrittenCluster {
  const { data } = clusterSchema.safeParse(entry);
  const { launcher } = entry;
  return {
    name,
    ...(data === undefined ? {} : { fields: data }),
    ...(typeof launcher === 'string' ? { launcher } : {}),
    options: Object.fromEntries(Object.entries(entry).filter(([key]) => !CLUSTER_FIELDS.includes(key))),
    at,
  };
}

/** Without a launcher, the other valid fields are unknown: only those similar to core's fields are certainly wrong. */
function misspeltFields({ launcher, options, at }: WrittenCluster): readonly SweeplineError[] {
  if (launcher !== undefined) return [];
  const keys = Object.keys(options).filter((key) => nearestField(key, CLUSTER_FIELDS) !== undefined);
  if (keys.length === 0) return [];
  return problemsOf([{ code: 'unrecognized_keys', keys, path: [], message: '' }], {
    value: options,
    at,
    code: 'CONFIG_INVALID',
    schema: clusterSchema,
  });
}

function isMap(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
