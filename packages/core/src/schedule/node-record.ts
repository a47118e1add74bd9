/** Failures of its own after which a node is not used any more. */
const MOST_FAILURES = 2;

/** What the nodes of a queue have done in this sweep. */
export interface NodeRecord {
  /**
   * Nodes that a session is not to be given: those on which it has failed before, then those that are left out, as far as there are
   * enough others.
   */
  avoid(tried: readonly string[], needed: number): readonly string[];
  /** Whether a session can be given another node than these. */
  hasOthers(tried: readonly string[], needed: number): boolean;
  /** A session has failed because of this node. True when it is left out from now on. */
  failed(node: string): boolean;
  worked(node: string): void;
}

/** @param nodes of the queue; 1 where it has a single machine, which nothing can take the place of */
export function createNodeRecord(nodes: number): NodeRecord {
  /** In a row. */
  const failures = new Map<string, number>();
  const isOut = (node: string): boolean => (failures.get(node) ?? 0) >= MOST_FAILURES;
  return {
    avoid(tried, needed) {
      const all = new Set([...tried, ...[...failures.keys()].filter(isOut)]);
      return [...all].slice(0, Math.max(0, nodes - needed));
    },
    hasOthers: (tried, needed) => nodes - new Set(tried).size >= needed,
    failed(node) {
      const wasOut = isOut(node);
      failures.set(node, (failures.get(node) ?? 0) + 1);
      return !wasOut && isOut(node) && nodes > 1;
    },
    worked: (node) => void failures.delete(node),
  };
}
