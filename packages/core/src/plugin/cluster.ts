import type { Where } from '../errors.js';

/** Machines that are reached in one way: what InferenceX has a launch script for. From configs/clusters.yaml. */
export interface Cluster {
  /** The name of its nodes up to the first underscore. */
  readonly name: string;
  /** SKU of its devices. */
  readonly sku: string;
  /** Runner labels that its nodes serve, besides their own names. */
  readonly runners: readonly string[];
  /** Launcher that gets its nodes. */
  readonly launcher: string;
  /** What framework plugins want to know of it, by a key of theirs (`srt-slurm`); each checks its own. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** How its nodes are reached, for the built-in launchers; absent for those of plugins. */
  readonly access?: ClusterAccess;
  /** Where its SKU is written, for messages. */
  readonly where?: Where;
  /** Where its launcher is. */
  readonly launcherWhere?: Where;
}

/** What configs/clusters.yaml says of a cluster, under the names that it has there. Its schema explains each. */
export type ClusterAccess = DockerAccess | SlurmAccess;

type Environment = Readonly<Record<string, string>>;
type Commands = readonly (readonly string[])[];

interface CommonAccess {
  readonly 'hf-cache'?: string | undefined;
  readonly 'hf-cache-inside': string;
  readonly mounts: Environment;
  readonly port: 'fixed' | 'user-last-digit' | 'node-last-digit';
  readonly env: Environment;
  readonly before: Commands;
  readonly after: Commands;
}

/** What `--compat strict` does beyond. */
interface StrictAccess {
  readonly env: Environment;
  readonly before: Commands;
  readonly after: Commands;
}

export interface DockerAccess extends CommonAccess {
  readonly launcher: 'docker';
  readonly 'docker-args': readonly string[];
  readonly strict: StrictAccess & {
    readonly 'docker-args': readonly string[];
    readonly 'pass-env': readonly string[];
    readonly 'image-as-written': boolean;
  };
}

/** Jobs with this model and framework; what is left out is any. */
export interface JobMatch {
  readonly model?: string | undefined;
  readonly framework?: string | undefined;
}

export interface SlurmAccess extends CommonAccess {
  readonly launcher: 'slurm';
  readonly partition?: string | undefined;
  readonly account?: string | undefined;
  /** Minutes. */
  readonly 'time-limit'?: number | undefined;
  readonly exclusive: boolean;
  readonly 'cpus-per-task'?: number | undefined;
  readonly 'salloc-args': readonly string[];
  readonly 'srun-args': readonly string[];
  readonly 'temp-mounts': Environment;
  readonly squash?: string | undefined;
  readonly unsquashed: readonly JobMatch[];
  readonly import: 'always' | 'never';
  readonly 'import-anew': readonly JobMatch[];
  readonly sudo: boolean;
  readonly 'container-name'?: string | undefined;
  readonly 'mount-home': boolean;
  readonly 'remap-root': boolean;
  readonly writable: boolean;
  readonly strict: StrictAccess & {
    readonly 'env-in-export': boolean;
    readonly 'allocates-by-srun': boolean;
    readonly 'allocation-name'?: string | undefined;
    readonly 'on-node': Commands;
  };
}
