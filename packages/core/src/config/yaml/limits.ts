/** Bounds of what is read as a config; the largest known one has 324 KB, 25,000 nodes and 8 levels. */
export const LIMITS = {
  bytes: 2 * 1024 * 1024,
  /** Values and keys, those behind aliases counted at each use. */
  nodes: 200_000,
  depth: 32,
  /** Problems told of one file. */
  problems: 100,
} as const;
