import type { LocatedEntry } from '../master.js';
import type { RunnerConfig } from '../model.js';

/** What checks know next to the entry. */
export interface CheckContext {
  /** The runner config, and the file it is in; nothing where there is none. */
  readonly runners?: RunnerConfig & { readonly file: string };
  /** Labels that are known from elsewhere, such as a workspace's. */
  readonly labels: readonly string[];
  /** GPUs that a label's nodes have, as far as hardware plugins know. */
  readonly devicesOf: (label: string) => number | undefined;
}

/** Something that is allowed, and most probably a mistake. */
export interface Remark {
  /** Keys within the entry, in its own dialect. */
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

/** Looks at one entry that the schema has accepted. */
export interface Check {
  /** Kebab-case, as its file; the code of what it finds. */
  readonly name: string;
  run(located: LocatedEntry, context: CheckContext): readonly Remark[];
}
