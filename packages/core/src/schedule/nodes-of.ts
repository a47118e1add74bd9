import type { ResolvedRunner } from '../plan/runners.js';

/** Nodes by scheduling label. */
type Labels = Readonly<Record<string, readonly string[]>>;

/**
 * Number of nodes of a runner's cluster: those under its labels, and those that have its name. Outside of clusters, of the runner's label;
 * undefined where none is listed.
 */
export function nodesListedFor(labels: Labels): (runner: ResolvedRunner) => number | undefined {
  return ({ cluster, label }) => {
    const own =
      cluster === undefined
        ? (labels[label] ?? [])
        : Object.entries(labels).flatMap(([name, nodes]) =>
            cluster.runners.includes(name) ? nodes : nodes.filter((node) => isOf(cluster.name, node)),
          );
    const { size } = new Set(own);
    return size === 0 ? undefined : size;
  };
}

function isOf(cluster: string, node: string): boolean {
  return node.startsWith(`${cluster}_`);
}
