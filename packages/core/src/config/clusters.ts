import type { SweeplineError, Where } from '../errors.js';
import { nearestField, problemsOf } from './issues.js';
import { clusterSchema, clustersSchema, type ClusterFields } from './schema/clusters.js';
import type { Document } from './yaml/parse.js';

/** An entry of a clusters config before its launcher is known. */
export interface WrittenCluster {
  readonly name: string;
  /** Missing where one of them has a problem. */
  readonly fields?: ClusterFields;
  /** Missing where it isn't text. */
  readonly launcher?: string;
  /** What core doesn't know of it, for the launcher's schema. */
  readonly options: Readonly<Record<string, unknown>>;
  /** The place of what is at a path of its keys. */
  readonly at: (path: readonly PropertyKey[]) => Where;
}

export interface ReadClusters {
  /** In the order of the file, which is that in which labels look for a cluster. */
  readonly written: readonly WrittenCluster[];
  readonly problems: readonly SweeplineError[];
}

type Fields = Readonly<Record<string, unknown>>;

/** Fields that every cluster may have, whichever its launcher. */
export const CLUSTER_FIELDS: readonly string[] = Object.keys(clusterSchema.shape);

/** Checks of a clusters config what needs no launcher. */
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

/** Without a launcher nobody can say which of the other fields there are: only those that are nearly core's are wrong for sure. */
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
