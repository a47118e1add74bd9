/** What a sweep may use before it begins no more points. */
export interface Budget {
  /** Hours since this process began to measure. */
  readonly hours?: number | undefined;
  /** Hours for which this process has held nodes, of each node. */
  readonly nodeHours?: number | undefined;
  /** Points that may fail. */
  readonly failures?: number | undefined;
}

/** What a sweep has used so far. */
export interface Spent {
  /** Milliseconds since the beginning. */
  readonly ms: number;
  /** Milliseconds of all nodes together. */
  readonly nodeMs: number;
  /** Points. */
  readonly failed: number;
}

const MS_PER_HOUR = 3_600_000;

/** Why no further point may begin, in a sentence's words; undefined while one may. */
export function spentBy(
  { hours = Infinity, nodeHours = Infinity, failures = Infinity }: Budget,
  { ms, nodeMs, failed }: Spent,
): string | undefined {
  if (failed >= failures) return `${count(failed)} failed (--max-failures ${failures})`;
  if (nodeMs >= nodeHours * MS_PER_HOUR) return `its nodes' time is used up (--max-node-hours ${nodeHours})`;
  return ms >= hours * MS_PER_HOUR ? `its time is over (--max-hours ${hours})` : undefined;
}

function count(failed: number): string {
  return failed === 1 ? '1 point has' : `${failed} points have`;
}

/** Counts the time for which nodes are held. */
export interface NodeClock {
  /** Begins to count nodes; the returned function ends it. */
  hold(nodes: number): () => void;
  /** Milliseconds so far, of all nodes together. */
  readonly ms: number;
}

/** @param now monotonic milliseconds */
export function createNodeClock(now: () => number): NodeClock {
  const held = new Map<symbol, { readonly nodes: number; readonly since: number }>();
  let ended = 0;
  const msOf = ({ nodes, since }: { readonly nodes: number; readonly since: number }): number =>
    nodes * (now() - since);
  return {
    hold(nodes) {
      const key = Symbol('nodes');
      const holding = { nodes, since: now() };
      held.set(key, holding);
      return () => {
        if (held.delete(key)) ended += msOf(holding);
      };
    },
    get ms() {
      return [...held.values()].reduce((sum, one) => sum + msOf(one), ended);
    },
  };
}
