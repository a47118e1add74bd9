import type { Cluster } from '../../plugin/cluster.js';

const FIRST_PORT = 8888;

/**
 * The port of servers on a node: where several users share one, or several runners, the last digit of their name keeps
 * their servers apart. Names that end in a letter get the first port.
 */
export function portOf(
  { access }: Cluster,
  { node, user }: { readonly node: string; readonly user: string },
): number {
  const names = { fixed: '', 'user-last-digit': user, 'node-last-digit': node };
  return FIRST_PORT + Number(/\d$/.exec(names[access?.port ?? 'fixed'])?.[0] ?? 0);
}
