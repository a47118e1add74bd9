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
}
