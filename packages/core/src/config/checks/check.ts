import type { LocatedEntry } from '../master.js';
import type { RunnerConfig } from '../model.js';

/** What checks know besides the entry. */
export interface CheckContext {
  /** The runner config and its file; absent if there is none. */
  readonly runners?: RunnerConfig & { readonly file: string };
  /** Labels known from other sources, such as a workspace's. */
  readonly labels: readonly string[];
  /** Number of GPUs that a label's nodes have, as far as hardware plugins know. */
  readonly devicesOf: (label: string) => number | undefined;
}

/** Something that is allowed, but most probably a mistake. */
export interface Remark {
  /** Keys within the entry, in its own dialect. */
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

/** Checks one entry that the schema has accepted. */
export interface Check {
  /** Kebab-case, like its file; the code of its findings. */
  readonly name: string;
  run(located: LocatedEntry, context: CheckContext): readonly Remark[];
}
