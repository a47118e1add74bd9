/** Bounds of what is read as a config; the largest known one has 324 KB, 25,000 nodes and 8 levels. */
export const LIMITS = {
  bytes: 1024 * 1024,
  /** Values and keys, those behind aliases counted at each use. */
  nodes: 200_000,
  depth: 32,
  /** Problems told of one file; those after them are mostly their consequences. */
  problems: 100,
  /** Where text isn't YAML: how many characters behind the first mistake are looked at for more of them, */
  lookahead: 4 * 1024,
  /** and how many collections may begin in these. */
  lookaheadDepth: 100,
} as const;
