import type { ClusterFields } from '../config/schema/clusters.js';
import type { Where } from '../errors.js';

/** Machines that are reached in one way: an entry of configs/clusters.yaml. Its schema explains the fields. */
export interface Cluster extends ClusterFields {
  /** The name of its nodes up to the first underscore. */
  readonly name: string;
  /** The entry's other fields, after the launcher's own schema. */
  readonly options: unknown;
  /** The place of what is at a path of the entry's keys, for messages. */
  readonly at?: (path: readonly PropertyKey[]) => Where;
}
