/** Limits on configs; the largest known one has 324 KB, 25,000 nodes and 8 levels. */
export const LIMITS = {
  bytes: 1024 * 1024,
  /** Values and keys; those behind aliases count at each use. */
  nodes: 200_000,
  depth: 32,
  /** Most problems reported per file; later ones are usually consequences. */
  problems: 100,
  /** If text isn't YAML: how many characters after the first mistake are searched for more mistakes, */
  lookahead: 4 * 1024,
  /** and how many collections may begin in them. */
  lookaheadDepth: 100,
} as const;
